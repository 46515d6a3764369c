import { openFileBackend } from '@holdfast/file'
import type { Liveness } from '@holdfast/fs'
import { openJournalBackend } from '@holdfast/journal'
import { exploreCrashes, type SimulatedProcess } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { recordedScenario } from '../src/strace/recorded-scenario.ts'
import { recordRun } from '../src/strace/recorded-run.ts'
import { SweepPlace } from '../src/strace/sweep-place.ts'

/** Of each: by which call it makes a commit durable, and how many different disks are found at least. */
const subjects = [
  ['file', openFileBackend, 'fsync', 50],
  ['journal', openJournalBackend, 'fdatasync', 50],
  ['journal that compacts', openJournalBackend, 'fdatasync', 100],
] as const
const directory = '/state'

/** The process that was recorded lived on a real machine; after the power cut it does not any more. */
function restarted({ fileSystem, instance, environment, files }: SimulatedProcess) {
  const livenessOf = (): Liveness => 'dead'
  return { fileSystem, instance, environment, files: { ...files, livenessOf } }
}

test.for(subjects)(
  'the system calls that the real binary made leave, after a power cut anywhere, what was acknowledged: %s',
  async ([kind, open, sync, leastStates]) => {
    using place = new SweepPlace()
    const calls = await recordRun(kind, place)
    expect(calls.filter(({ call }) => call === 'acknowledged')).toHaveLength(2)
    const scenario = recordedScenario(calls, (process) => open({ directory }, restarted(process)))
    const report = await exploreCrashes(scenario, { seed: 1, mostFailures: 1 })
    expect(report.failures).toEqual([])
    expect(report.unique).toBeGreaterThan(leastStates)

    // The same without those syncs, to show that this would be seen.
    const unsynced = calls.filter(({ call }) => call !== sync)
    const weaker = recordedScenario(unsynced, (process) => open({ directory }, restarted(process)))
    const found = await exploreCrashes(weaker, { seed: 1, mostFailures: 1 })
    expect(found.failures).toHaveLength(1)
  },
)
