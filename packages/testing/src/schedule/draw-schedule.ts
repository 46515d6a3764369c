import type { SeededRandom } from '../crash/seeded-random.ts'
import type { ScheduleOptions } from './schedule-scenario.ts'
import type { ScheduleRun } from './schedule-run.ts'
import type { ScheduledProcess } from './scheduled-process.ts'

/** Longer than anything that one waits for: a lease, a retry, the age at which a lock counts as old. */
const longWaitMs = 60_000
const longPause = 200

/**
 * Drives `run` to its end by random decisions. Some schedules switch after every call, some seldom: how
 * often is drawn for each, since bugs differ in how many switches they need.
 */
export async function drawSchedule<Recovered>(
  run: ScheduleRun<Recovered>,
  random: SeededRandom,
  { kills = 1, pauses = 2, powerCuts = true }: ScheduleOptions,
): Promise<void> {
  const longestRun = [1, 3, 10, 40][random.below(4)] ?? 1
  let [killsLeft, pausesLeft] = [random.below(kills + 1), random.below(pauses + 1)]
  // The power fails in one schedule of four, at any time.
  const powerAt = powerCuts && random.oneIn(4) ? 1 + random.below(300 / longestRun) : -1
  for (let decisions = 0; !run.isOver; decisions++) {
    if (decisions === powerAt) {
      await run.decide({ kind: 'power', draw: random.below(1_000_000) })
      break
    }
    const process = choose(run.runnable(), random)
    const { id } = process
    if (killsLeft > 0 && random.oneIn(20)) {
      killsLeft -= 1
      const bytes = random.oneIn(2) ? random.below(process.nextWriteBytes + 1) : 0
      await run.decide({ kind: 'kill', id, bytes })
      if (random.oneIn(2)) await run.decide({ kind: 'restart', id })
    } else if (pausesLeft > 0 && random.oneIn(10)) {
      pausesLeft -= 1
      await run.decide({ kind: 'pause', id, decisions: 1 + random.below(longPause) })
      if (random.oneIn(2)) await run.decide({ kind: 'wait', durationMs: random.below(longWaitMs) })
    } else {
      await run.decide({ kind: 'run', id, calls: 1 + random.below(longestRun) })
    }
  }
}

/** One that is not paused, where there is one. */
function choose(runnable: readonly ScheduledProcess[], random: SeededRandom): ScheduledProcess {
  const awake = runnable.filter(({ pausedFor }) => pausedFor === 0)
  const among = awake.length > 0 ? awake : runnable
  const process = among[random.below(among.length)]
  if (process === undefined) throw new Error('nobody can go on')
  return process
}
