import {
  backendSchedule,
  exploreSchedules,
  type ScheduleOptions,
  type ScheduleReport,
  type ScheduleScenario,
} from '@holdfast/testing'
import type {
  FileBackendModule,
  JournalBackendModule,
  LockfileBackendModule,
} from './backend-modules.ts'
import { claimSchedule } from './claims.ts'
import {
  fileSubject,
  impatient,
  isFileConflict,
  journalSubject,
  neverCompactedBytes,
  lockfileSubject,
} from './subjects.ts'

/** The packages as they are, or with a bug in them. */
export interface Backends {
  readonly file: FileBackendModule
  readonly journal: JournalBackendModule
  readonly lockfile: LockfileBackendModule
}

/** Some processes that do something at once, and how often out of a hundred schedules they are tried. */
interface Crowd {
  readonly name: string
  readonly share: number
  readonly scenario: ScheduleScenario<string[]>
  readonly options: ScheduleOptions
}

/** Every way in which several processes meet on one state. */
function crowds({ file, journal, lockfile }: Backends): Crowd[] {
  return [
    ...onJournal(journal),
    {
      name: 'three processes share a lockfile state',
      share: 10,
      scenario: backendSchedule({ open: lockfileSubject(lockfile, 'shared'), prepared: 1 }),
      options: {},
    },
    {
      name: 'three processes have a lockfile state to themselves, one after another',
      share: 3,
      scenario: backendSchedule({ open: lockfileSubject(lockfile, 'exclusive'), prepared: 1 }),
      options: {},
    },
    {
      name: 'three processes write one file, which one should',
      share: 10,
      scenario: backendSchedule({
        open: fileSubject(file),
        isConflict: isFileConflict,
        isReadLasting: false,
      }),
      options: {},
    },
  ]
}

function onJournal(journal: JournalBackendModule): Crowd[] {
  const compacting = journalSubject(journal)
  const appending = backendSchedule({
    open: journalSubject(journal, neverCompactedBytes),
    prepared: 1,
    commits: 3,
  })
  return [
    {
      name: 'three processes make a journal, and compact it all the time',
      share: 20,
      scenario: backendSchedule({ open: compacting }),
      options: {},
    },
    {
      name: 'four processes compact a journal, do not wait for each other, and are stalled in the middle',
      share: 12,
      scenario: backendSchedule({
        open: impatient(compacting),
        processes: 4,
        prepared: 1,
        commits: 3,
      }),
      options: { pauses: 4, kills: 0, powerCuts: false },
    },
    {
      name: 'three processes append to a journal, and are killed',
      share: 20,
      scenario: appending,
      options: { pauses: 4, kills: 2 },
    },
    {
      name: 'three processes append to a journal, and the power fails: each line is lost or kept for itself',
      share: 15,
      scenario: appending,
      options: { kills: 0, disk: { blockBytes: 4096 } },
    },
    {
      name: 'three processes own a journal in turn',
      share: 10,
      scenario: claimSchedule(compacting),
      options: {},
    },
  ]
}

/** Tries `schedules` in all; what each crowd came to. */
export async function scheduleCampaign(
  backends: Backends,
  { seed, schedules, isOver }: { seed: number; schedules: number; isOver?: () => boolean },
): Promise<(ScheduleReport & { readonly name: string })[]> {
  const reports: (ScheduleReport & { readonly name: string })[] = []
  for (const { name, share, scenario, options } of crowds(backends)) {
    const own = { ...options, seed, schedules: Math.ceil((schedules * share) / 100) }
    const report = await exploreSchedules(scenario, isOver === undefined ? own : { ...own, isOver })
    reports.push({ name, ...report })
  }
  return reports
}
