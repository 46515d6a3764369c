import * as file from '@holdfast/file'
import * as journal from '@holdfast/journal'
import * as lockfile from '@holdfast/lockfile'
import { crashCampaign } from './crash-campaign.ts'
import { faultCampaign } from './fault-campaign.ts'
import { scheduleCampaign } from './schedule-campaign.ts'
import { fileSubject, isFileExpected, journalSubject } from './subjects.ts'

/** One piece of the proof: what a thread does at a time. */
export interface ProveTask {
  readonly kind: 'file' | 'journal' | 'schedules' | 'faults'
  readonly seed: number
  /** Whether it is the first of its kind: the works that no seed decides are done once. */
  readonly isFirst: boolean
  /** How many states, or ten times as many as schedules. */
  readonly size: number
  /** When to end, in milliseconds since 1970. */
  readonly endMs: number
}

/** What a piece came to. */
export interface ProveResult {
  readonly points: number
  readonly exhaustivePoints: number
  readonly states: number
  readonly unique: number
  readonly schedules: number
  readonly faults: number
  /** Each failure, with what makes it again. */
  readonly failures: readonly string[]
}

const nothing: ProveResult = {
  points: 0,
  exhaustivePoints: 0,
  states: 0,
  unique: 0,
  schedules: 0,
  faults: 0,
  failures: [],
}

/** Does one piece. */
export async function proveTask({
  kind,
  seed,
  isFirst,
  size,
  endMs,
}: ProveTask): Promise<ProveResult> {
  const isOver = (): boolean => Date.now() >= endMs
  if (kind === 'schedules') {
    const schedules = Math.ceil(size / 10)
    const reports = await scheduleCampaign({ file, journal, lockfile }, { seed, schedules, isOver })
    const tried = reports.reduce((sum, report) => sum + report.schedules, 0)
    return { ...nothing, schedules: tried, failures: reports.flatMap(tell) }
  }
  if (kind === 'faults') {
    const reports = await faultCampaign({ file, journal }, seed)
    const faults = reports.reduce((sum, report) => sum + report.faults, 0)
    return { ...nothing, faults, failures: reports.flatMap(tell) }
  }
  const subject =
    kind === 'file'
      ? { open: fileSubject(file), isExpected: isFileExpected }
      : { open: journalSubject(journal) }
  const options = { ...subject, seed, isDrawn: !isFirst, states: size, isOver }
  const { points, exhaustivePoints, states, unique, ...report } = await crashCampaign(options)
  return {
    ...nothing,
    points,
    exhaustivePoints,
    states,
    unique,
    failures: tell({ name: kind, ...report }),
  }
}

function tell({
  name,
  failures,
}: {
  readonly name: string
  readonly failures: readonly { readonly error: unknown; readonly replay: string }[]
}): string[] {
  return failures.map(({ error, replay }) => `${name}: ${String(error)}\n    ${replay}`)
}
