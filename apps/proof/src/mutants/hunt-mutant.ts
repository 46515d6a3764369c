import * as file from '@holdfast/file'
import * as journal from '@holdfast/journal'
import {
  backendFaults,
  backendScenario,
  backendSchedule,
  enumerateFaults,
  exploreCrashes,
  exploreSchedules,
  type BackendScenarioOptions,
  type ScheduleScenario,
} from '@holdfast/testing'
import { claimSchedule } from '../claims.ts'
import { behindScenario, overlapScenario } from '../overlaps.ts'
import {
  disturbed,
  errnosWithLinks,
  fileSubject,
  impatient,
  isFileConflict,
  isFileExpected,
  journalSubject,
  neverCompactedBytes,
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

/** The hardest to catch, `unsynced-own`, took 2,900 to 8,300 with four seeds. */
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
  { backend }: Mutant,
  scenario: BackendScenarioOptions,
): Promise<Caught> {
  if (hunt === 'crashes') {
    const { failures, unique } = await exploreCrashes(backendScenario(scenario), { cap: 500 })
    return { failure: failures[0], tried: unique }
  }
  if (hunt === 'overlaps' || hunt === 'behind') {
    const make = hunt === 'behind' ? behindScenario : overlapScenario
    const { failures, unique } = await exploreCrashes(make(scenario.open), {
      cap: 500,
      ...perLine,
    })
    return { failure: failures[0], tried: unique }
  }
  if (hunt === 'faults') {
    const options = { errnos: errnosWithLinks }
    const { failures, faults } = await enumerateFaults(backendFaults(scenario), options)
    return { failure: failures[0], tried: faults }
  }
  const options = {
    schedules: mostSchedules,
    ...(hunt === 'compaction' ? stalls : {}),
    ...(hunt === 'appends' ? cuts : {}),
  }
  const crowd = crowdOf(hunt, backend, scenario.open)
  const { failures, schedules } = await exploreSchedules(crowd, options)
  return { failure: failures[0], tried: schedules }
}

/** Nothing but stalls, and power cuts that lose or keep each line for itself. */
const perLine = { disk: { blockBytes: 4096 } }
const cuts = { kills: 0, ...perLine }
/** Much stalling, and nothing that would end it. */
const stalls = { pauses: 4, kills: 0, powerCuts: false }

function crowdOf(
  hunt: 'schedules' | 'appends' | 'compaction' | 'claims',
  backend: Mutant['backend'],
  open: OpenSubject,
): ScheduleScenario<string[]> {
  if (hunt === 'claims') return claimSchedule(open)
  if (hunt === 'appends') return backendSchedule({ open, processes: 4, prepared: 1, commits: 3 })
  if (hunt === 'compaction') {
    return backendSchedule({ open: impatient(open), processes: 4, prepared: 1, commits: 6 })
  }
  return backendSchedule(
    backend === 'file' ? { open, isConflict: isFileConflict, isReadLasting: false } : { open },
  )
}

async function openMutant(mutant: Mutant): Promise<OpenSubject> {
  const open = await subjectOf(mutant)
  return mutant.disturbance === undefined ? open : disturbed(open, mutant.disturbance)
}

async function subjectOf({ backend, name, hunt, edits = [] }: Mutant): Promise<OpenSubject> {
  if (backend === 'file') {
    return fileSubject(
      edits.length === 0 ? file : await loadMutant<typeof file>('@holdfast/file', name, edits),
    )
  }
  return journalSubject(
    edits.length === 0
      ? journal
      : await loadMutant<typeof journal>('@holdfast/journal', name, edits),
    hunt === 'appends' || hunt === 'overlaps' || hunt === 'behind'
      ? neverCompactedBytes
      : undefined,
  )
}
