import { expect, test } from 'vitest'
import { problemsIn } from '../src/strace/problems-in.ts'
import { sweepFileSizes, sweepFreePages } from '../src/strace/sweep-limits.ts'
import { SweepPlace } from '../src/strace/sweep-place.ts'
import { tracedBackends } from '../src/strace/traced-backend.ts'

const sizes = [...Array.from({ length: 36 }, (_, index) => 11 * index), 4096]

test.concurrent.for(tracedBackends)(
  'at any limit on the size of files, a save that is cut short is NO_SPACE and leaves nothing: %s',
  async (kind) => {
    using place = new SweepPlace()
    const outcomes = await sweepFileSizes(kind, place, sizes)
    expect(problemsIn(outcomes)).toEqual([])
    // Where nothing can be written both saves are refused, and an owner cannot even open.
    expect(outcomes[0]?.refused).toBeGreaterThanOrEqual(2)
    expect(outcomes.at(-1)?.refused).toBe(0)
  },
)

test.concurrent.for(tracedBackends)(
  'on a disk with few free pages a save is NO_SPACE and leaves nothing, and the next one works: %s',
  async (kind) => {
    using place = new SweepPlace()
    const outcomes = await sweepFreePages(kind, place, [0, 1, 2, 3, 4, 8])
    expect(problemsIn(outcomes)).toEqual([])
    expect(outcomes[0]?.refused).toBeGreaterThan(0)
    expect(outcomes.at(-1)?.refused).toBe(0)
  },
)
