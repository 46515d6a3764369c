import type { Backend } from '@holdfast/core'
import {
  backendFaults,
  backendScenario,
  backendSchedule,
  enumerateFaults,
  exploreCrashes,
  exploreSchedules,
} from '@holdfast/testing'
import type { FileBackendModule, JournalBackendModule } from '../backend-modules.ts'
import { claimSchedule } from '../claims.ts'
import {
  disturbed,
  errnosWithLinks,
  fileSubject,
  isFileConflict,
  isFileExpected,
  journalSubject,
  type OpenSubject,
} from '../subjects.ts'
import { thoroughWorkload } from '../workloads.ts'
import { classify } from './classify.ts'
import { loadMutant } from './load-mutant.ts'
import type { Mutant } from './mutant.ts'

/** What became of a mutant. */
export interface Hunted {
  readonly name: string
  readonly backend: Mutant['backend']
  readonly bug: string
  /** What caught it; null where nothing did. */
  readonly by: Mutant['hunt'] | null
  /** The class of its first failure. */
  readonly failure: string | null
  readonly isExpected: boolean
  /** Makes that failure again. */
  readonly replay: string | null
  /** How much was tried until then. */
  readonly tried: number
}

/** More than it takes to catch any of them, several times over. */
const mostSchedules = 20_000

/** Puts the bug in, and looks for it by the way that is meant for its kind. */
export async function huntMutant(mutant: Mutant): Promise<Hunted> {
  const { name, backend, bug, hunt, expected } = mutant
  const open = await openMutant(mutant)
  const isExpected = backend === 'file' ? { isExpected: isFileExpected } : {}
  const scenario = { open, steps: thoroughWorkload, ...isExpected }
  const { failure, tried } = await huntBy(hunt, mutant, scenario)
  const found = failure === undefined ? null : classify(failure.error)
  return {
    name,
    backend,
    bug,
    by: failure === undefined ? null : hunt,
    failure: found,
    isExpected: found !== null && expected.includes(found),
    replay: failure?.replay ?? null,
    tried,
  }
}

interface Caught {
  readonly failure: { readonly error: unknown; readonly replay: string } | undefined
  readonly tried: number
}

async function huntBy(
  hunt: Mutant['hunt'],
  { backend, seed = 1 }: Mutant,
  scenario: Parameters<typeof backendScenario>[0],
): Promise<Caught> {
  const { open } = scenario
  const conflicts = backend === 'file' ? { isConflict: isFileConflict } : {}
  const schedules = { seed, schedules: mostSchedules }
  switch (hunt) {
    case 'crashes': {
      const { failures, unique } = await exploreCrashes(backendScenario(scenario), { cap: 500 })
      return { failure: failures[0], tried: unique }
    }
    case 'faults': {
      const { failures, faults } = await enumerateFaults(backendFaults(scenario), {
        errnos: errnosWithLinks,
      })
      return { failure: failures[0], tried: faults }
    }
    case 'schedules': {
      const report = await exploreSchedules(backendSchedule({ open, ...conflicts }), schedules)
      return { failure: report.failures[0], tried: report.schedules }
    }
    case 'compaction': {
      const crowd = backendSchedule({ open, prepared: 1, commits: 4 })
      const report = await exploreSchedules(crowd, {
        ...schedules,
        pauses: 4,
        kills: 0,
        powerCuts: false,
      })
      return { failure: report.failures[0], tried: report.schedules }
    }
    case 'claims': {
      const report = await exploreSchedules(claimSchedule(open), schedules)
      return { failure: report.failures[0], tried: report.schedules }
    }
  }
}

async function openMutant(mutant: Mutant): Promise<OpenSubject> {
  const { backend, name, edits = [], disturbance } = mutant
  const specifier = `@holdfast/${backend}`
  const loaded =
    edits.length > 0 ? await loadMutant(specifier, name, edits) : await import(specifier)
  const open: OpenSubject =
    backend === 'file'
      ? fileSubject(loaded as FileBackendModule)
      : journalSubject(loaded as JournalBackendModule)
  const subject = disturbance === undefined ? open : disturbed(open, disturbance)
  return (process): Promise<Backend> => subject(process)
}
