import { expect, test } from 'vitest'
import { problemsIn } from '../src/strace/problems-in.ts'
import { leaveBehind, sweepKills } from '../src/strace/sweep-kills.ts'
import { SweepPlace } from '../src/strace/sweep-place.ts'
import { tracedBackends, type TracedBackend } from '../src/strace/traced-backend.ts'

/** One kill in so many: `npm run prove:faults` tries them all. */
const step = 12

test.concurrent.for(tracedBackends.map((kind, index) => [kind, index] as const))(
  'SIGKILL at a system call of opening and saving leaves what was acknowledged, and no litter after the next save: %s',
  async ([kind, index]) => {
    using place = new SweepPlace()
    const { calls, outcomes } = await sweepKills(kind, place, { first: index, step })
    expect(outcomes.length).toBeGreaterThan(calls / step - 1)
    expect(problemsIn(outcomes)).toEqual([])
    const acknowledged = outcomes.map((outcome) => outcome.acknowledged)
    expect(acknowledged).toContain(0)
    expect(Math.max(...acknowledged)).toBeGreaterThan(0)
  },
)

/** A killed process held a lock, or had just written what it could not finish. */
const leftovers: readonly (readonly [TracedBackend, string])[] = [
  ['file', 'rename'],
  ['journal that compacts', 'link'],
  ['lockfile', 'write'],
  ['lockfile that owns', 'write'],
]

test.concurrent.for(leftovers)(
  'SIGKILL at a system call of taking over from a process that was killed leaves what both acknowledged: %s at %s',
  async ([kind, name]) => {
    using place = new SweepPlace()
    await leaveBehind(kind, place, name)
    const { outcomes } = await sweepKills(kind, place, { first: 1, step })
    expect(outcomes.length).toBeGreaterThan(5)
    expect(problemsIn(outcomes)).toEqual([])
  },
)
