import { createHash } from 'node:crypto'
import { DigestSet } from '../crash/digest-set.ts'
import { preparedImage } from '../crash/replay-crash.ts'
import type { DiskImage } from '../crash/disk-image.ts'
import { SeededRandom } from '../crash/seeded-random.ts'
import { drawSchedule } from './draw-schedule.ts'
import { explainSchedule, type ScheduleFailure } from './replay-schedule.ts'
import type { ScheduleOptions, ScheduleScenario } from './schedule-scenario.ts'
import { ScheduleRun } from './schedule-run.ts'

/** What was tried. */
export interface ScheduleReport {
  readonly seed: number
  readonly schedules: number
  /** Of these, those that differ in the order of their calls. */
  readonly unique: number
  readonly calls: number
  readonly kills: number
  readonly pauses: number
  readonly powerCuts: number
  readonly failures: readonly ScheduleFailure[]
  /** The same for the same seed: of all schedules, in order. */
  readonly digest: string
}

/**
 * Lets several processes work at once on one simulated machine, in many orders of their calls: each
 * goes on only when the scheduler says so. Some are paused for long, killed in the middle of a call and
 * begun again, or lose power all together. Failures are told with the fewest decisions that still
 * fail, and as a text by which `replaySchedule` makes them again.
 */
export async function exploreSchedules<Recovered>(
  scenario: ScheduleScenario<Recovered>,
  options: ScheduleOptions = {},
): Promise<ScheduleReport> {
  const { seed = 1, schedules = 1000, mostFailures = 1 } = options
  const image: DiskImage = await preparedImage(scenario, options)
  const seen = new DigestSet()
  const digest = createHash('sha1')
  const failures: ScheduleFailure[] = []
  const counts = { schedules: 0, calls: 0, kills: 0, pauses: 0, powerCuts: 0 }
  while (counts.schedules < schedules && failures.length < mostFailures) {
    if (options.isOver?.() === true) break
    const run = new ScheduleRun(scenario, options, image)
    try {
      await run.begin()
      await drawSchedule(run, new SeededRandom(seed, counts.schedules), options)
      await run.end()
    } catch (error) {
      failures.push(await explainSchedule(scenario, options, { error, decisions: run.decisions }))
    }
    const count = (kind: string) =>
      run.decisions.filter((decision) => decision.kind === kind).length
    counts.schedules += 1
    counts.calls += run.calls
    counts.kills += count('kill')
    counts.pauses += count('pause')
    counts.powerCuts += count('power')
    seen.add(run.digest)
    digest.update(run.digest)
  }
  return { seed, ...counts, unique: seen.size, failures, digest: digest.digest('hex') }
}
