import { expect, test } from 'vitest'
import { problemsIn } from '../src/strace/problems-in.ts'
import { sweepErrors, type FaultOutcome } from '../src/strace/sweep-errors.ts'
import { SweepPlace } from '../src/strace/sweep-place.ts'
import { tracedBackends, type TracedBackend } from '../src/strace/traced-backend.ts'

/** Faults in the making of a document durable that no caller was told of. */
function untoldWrites(kind: TracedBackend, outcomes: readonly FaultOutcome[]): string[] {
  // It seals an epoch, and syncs its directory, after the commit.
  if (kind === 'journal that compacts') return []
  const isWrite = /^(?:p?write(?:64)?|fsync|fdatasync|rename|ftruncate)$/
  // What only makes room, or orders writers, may fail: the commit is in its place by then.
  const isAside = /\.lock|0000000[2-9]/
  return outcomes
    .filter(({ isAbsorbed, call }) => isAbsorbed && isWrite.test(call.name))
    .filter(({ call }) => !isAside.test(call.target))
    .map(({ call, errno }) => `${call.name} #${call.occurrence} ${call.target} ${errno}`)
}

test.concurrent.for(tracedBackends)(
  'an error of any system call of the real binary is told with its errno and costs nothing acknowledged: %s',
  async (kind) => {
    using place = new SweepPlace()
    const { calls, outcomes } = await sweepErrors(kind, place, false)
    expect(calls).toBeGreaterThan(60)
    expect(outcomes.length).toBeGreaterThan(3 * calls)
    expect(problemsIn(outcomes)).toEqual([])
    expect(untoldWrites(kind, outcomes)).toEqual([])
  },
)
