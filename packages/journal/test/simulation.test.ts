import {
  backendFaults,
  backendScenario,
  backendSchedule,
  enumerateFaults,
  exploreCrashes,
  exploreSchedules,
  replayFault,
  replaySchedule,
  type BackendStep,
  type SimulatedProcess,
} from '@holdfast/testing'
import { expect, test } from 'vitest'
import { openJournalBackend } from '../src/index.ts'

/** Compacted all the time, on one thread: a snapshot worker would not know the simulated file system. */
const options = {
  directory: '/state',
  compactAfterBytes: 300,
  compactAfterRatio: 0.01,
  keep: 0,
  inlineSnapshotBytes: Number.MAX_SAFE_INTEGER,
}
const open = (process: SimulatedProcess) => openJournalBackend(options, process)

const steps: readonly BackendStep[] = [
  { kind: 'commit', state: 'a', bytes: 0 },
  { kind: 'commit', state: 'a', bytes: 600 },
  { kind: 'commit', state: 'a', bytes: 10 },
  { kind: 'remove', state: 'a' },
  { kind: 'commit', state: 'a', bytes: 10 },
  { kind: 'commit', state: 'a', bytes: 1200 },
]

test.each([[128], [512], [4096]])(
  'after a power cut at every call, and another one in the recovery, everything acknowledged is there, on a disk that tears at %i bytes',
  async (blockBytes) => {
    const scenario = backendScenario({ open, steps: steps.slice(0, 5) })
    const { failures, unique } = await exploreCrashes(scenario, { disk: { blockBytes }, cap: 60 })
    expect(failures).toEqual([])
    expect(unique).toBeGreaterThan(1000)
  },
  60_000,
)

test('what a torn disk fills with garbage is never taken for a change', async () => {
  const scenario = backendScenario({ open, steps })
  const { failures } = await exploreCrashes(scenario, { depth: 1, garbage: true })
  expect(failures).toEqual([])
})

test('three processes lose, double and reorder nothing, whoever is stalled or killed and whenever the power fails', async () => {
  const { failures, unique } = await exploreSchedules(backendSchedule({ open }), {
    schedules: 1500,
  })
  expect(failures).toEqual([])
  expect(unique).toBeGreaterThan(1400)
})

const faults = backendFaults({ open, steps })
test('every call may fail in every way: it is told, nothing acknowledged is lost, and the next update succeeds', async () => {
  const { failures, missed } = await enumerateFaults(faults, { modes: ['once'] })
  expect(failures).toEqual([])
  expect(missed).toBe(0)
})

test('two that make the same directories: who finds them made syncs their names too', async () => {
  const crowd = backendSchedule({ open })
  expect(await replaySchedule('schedule1:1:r0-7.r1-36.x491653', crowd)).toBeNull()
})

test.each([
  [
    'a first commit that is in place is not refused because its temporary stays',
    36,
    'EMFILE',
    'forever',
  ],
  ['a descriptor is closed when the look at it fails', 45, 'EIO', 'once'],
  ['a reader whose close fails is not used again', 47, 'EIO', 'once'],
  ['a close that fails is a HoldfastError', 25, 'EIO', 'forever'],
  ['appends that are always torn end in an error', 27, '1', 'forever'],
  ['a name whose sync failed is not trusted after one that succeeds', 225, 'EIO', 'once'],
  ['a removal that is glued to a lost record shows no gap', 48, 'EDQUOT', 'forever'],
])('%s', async (_, call, effect, mode) => {
  expect(await replayFault(`fault1:1:${call}:${effect}:${mode}`, faults)).toBeNull()
})
