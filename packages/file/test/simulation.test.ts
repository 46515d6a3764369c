import { HoldfastError } from '@holdfast/core'
import {
  backendFaults,
  backendScenario,
  backendSchedule,
  enumerateFaults,
  exploreCrashes,
  exploreSchedules,
  replaySchedule,
  type BackendStep,
  type SimulatedProcess,
} from '@holdfast/testing'
import { expect, test } from 'vitest'
import { openFileBackend } from '../src/index.ts'

const steps: readonly BackendStep[] = [
  { kind: 'commit', state: 'a', bytes: 0 },
  { kind: 'commit', state: 'a', bytes: 600 },
  { kind: 'reopen' },
  { kind: 'commit', state: 'a', bytes: 10 },
  { kind: 'remove', state: 'a' },
  { kind: 'commit', state: 'a', bytes: 10 },
]

function opener(keep: number) {
  return (process: SimulatedProcess) => openFileBackend({ directory: '/state', keep }, process)
}

/** What may be in the directory after a commit: no temporary, no lock. */
const isExpected = (path: string): boolean => /^\/state\/a\.json(?:\.[1-3])?$/.test(path)

test.each([
  [0, 512],
  [1, 512],
  [3, 64],
])(
  'after a power cut at every call, and another one in the recovery, everything acknowledged is there, and no litter after the next commit (keep %i, a disk that tears at %i bytes)',
  async (keep, blockBytes) => {
    const scenario = backendScenario({ open: opener(keep), steps, isExpected })
    const { failures, unique } = await exploreCrashes(scenario, { disk: { blockBytes }, cap: 60 })
    expect(failures).toEqual([])
    expect(unique).toBeGreaterThan(500)
  },
  60_000,
)

test('blocks of the replaced file that are used again too early cost nothing, since it is kept', async () => {
  const scenario = backendScenario({ open: opener(1), steps, isExpected })
  const { failures } = await exploreCrashes(scenario, {
    disk: { reuse: true },
    garbage: true,
    depth: 1,
  })
  expect(failures).toEqual([])
})

/** Left out is what the README owns up to: where no links can be made, a power cut may leave a lock of nobody. */
const errnos = (possible: readonly string[], { method }: { method: string }) =>
  method === 'symlink' ? possible.filter((name) => name !== 'EPERM') : possible

test('every call may fail in every way, once and for ever: it is told, and nothing acknowledged is lost', async () => {
  const scenario = backendFaults({ open: opener(1), steps, isExpected })
  const { failures, missed } = await enumerateFaults(scenario, { errnos })
  expect(failures).toEqual([])
  expect(missed).toBe(0)
})

const crowd = backendSchedule({
  open: opener(1),
  isConflict: (error) => HoldfastError.is(error, 'CONFLICT'),
})

test('three processes on one file, which one should be, overwrite nothing of each other', async () => {
  const { failures, unique } = await exploreSchedules(crowd, { schedules: 1000 })
  expect(failures).toEqual([])
  expect(unique).toBeGreaterThan(900)
})

test('two that make the same directory: who finds it made syncs its name too', async () => {
  expect(await replaySchedule('schedule1:1:r0-7.r1-36.x491653', crowd)).toBeNull()
})

test('a state whose first commits come between the look at the file and at its directory is not missing', async () => {
  expect(await replaySchedule('schedule1:1:r2-5', crowd)).toBeNull()
})
