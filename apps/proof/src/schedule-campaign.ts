import {
  backendSchedule,
  exploreSchedules,
  type ScheduleOptions,
  type ScheduleReport,
  type ScheduleScenario,
} from '@holdfast/testing'
import type { FileBackendModule, JournalBackendModule } from './backend-modules.ts'
import { claimSchedule } from './claims.ts'
import { fileSubject, isFileConflict, journalSubject } from './subjects.ts'

/** The packages as they are, or with a bug in them. */
export interface Backends {
  readonly file: FileBackendModule
  readonly journal: JournalBackendModule
}

/** Some processes that do something at once, and how often out of a hundred schedules they are tried. */
interface Crowd {
  readonly name: string
  readonly share: number
  readonly scenario: ScheduleScenario<string[]>
  readonly options: ScheduleOptions
}

/** So long that nothing is compacted. */
const never = 1_000_000

/** Every way in which several processes meet on one state. */
function crowds({ file, journal }: Backends): Crowd[] {
  return [
    {
      name: 'three processes make a journal, and compact it all the time',
      share: 30,
      scenario: backendSchedule({ open: journalSubject(journal) }),
      options: {},
    },
    {
      name: 'three processes compact a journal, and are stalled in the middle',
      share: 15,
      scenario: backendSchedule({ open: journalSubject(journal), prepared: 1, commits: 3 }),
      options: { pauses: 4, kills: 0, powerCuts: false },
    },
    {
      name: 'three processes append to a journal, and are killed',
      share: 30,
      scenario: backendSchedule({ open: journalSubject(journal, never), prepared: 1, commits: 3 }),
      options: { pauses: 4, kills: 2 },
    },
    {
      name: 'three processes own a journal in turn',
      share: 10,
      scenario: claimSchedule(journalSubject(journal)),
      options: {},
    },
    {
      name: 'three processes write one file, which one should',
      share: 15,
      scenario: backendSchedule({ open: fileSubject(file), isConflict: isFileConflict }),
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
