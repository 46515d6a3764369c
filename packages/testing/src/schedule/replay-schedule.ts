import { preparedImage } from '../crash/replay-crash.ts'
import { type Decision, formatSchedule, parseSchedule } from './decision.ts'
import type { ScheduleOptions, ScheduleScenario } from './schedule-scenario.ts'
import { ScheduleRun } from './schedule-run.ts'

/** An order of calls after which something was not as promised. */
export interface ScheduleFailure {
  readonly error: unknown
  /** As few decisions as still fail; after the last one, the processes go on in turns. */
  readonly decisions: readonly Decision[]
  /** What was begun and acknowledged, in order, and by which process. */
  readonly events: readonly string[]
  /** What `replaySchedule` takes. */
  readonly replay: string
}

/**
 * Makes the one schedule that `replay` tells of, with the scenario and options of the exploration that
 * found it.
 * @returns the failure, or null where it does not fail any more.
 */
export async function replaySchedule<Recovered>(
  replay: string,
  scenario: ScheduleScenario<Recovered>,
  options: ScheduleOptions = {},
): Promise<ScheduleFailure | null> {
  const { seed, decisions } = parseSchedule(replay)
  return replayDecisions(scenario, { ...options, seed }, decisions)
}

/** The failure with as few decisions as still fail: halves are left out first, then single ones. */
export async function explainSchedule<Recovered>(
  scenario: ScheduleScenario<Recovered>,
  options: ScheduleOptions,
  { error, decisions }: { error: unknown; decisions: readonly Decision[] },
): Promise<ScheduleFailure> {
  let best = await replayDecisions(scenario, options, decisions)
  if (best === null) {
    const replay = formatSchedule(options.seed ?? 1, decisions)
    const message = `The schedule ${replay} failed once and not again: a process is not the same in each run`
    throw new Error(message, { cause: error })
  }
  for (
    let size = Math.ceil(decisions.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at < best.decisions.length;) {
      const fewer: readonly Decision[] = best.decisions.toSpliced(at, size)
      const failure = await replayDecisions(scenario, options, fewer)
      if (failure === null) at += size
      else best = failure
    }
  }
  const merged = mergeRuns(best.decisions)
  return (await replayDecisions(scenario, options, merged)) ?? best
}

/** What one process does in several turns, in one. */
function mergeRuns(decisions: readonly Decision[]): Decision[] {
  const merged: Decision[] = []
  for (const decision of decisions) {
    const last = merged.at(-1)
    if (last?.kind === 'run' && decision.kind === 'run' && last.id === decision.id) {
      merged[merged.length - 1] = { ...last, calls: last.calls + decision.calls }
    } else merged.push(decision)
  }
  return merged
}

/** Enough for most work to end; who waits for another in a loop must let it go on. */
const callsInTurn = 100

async function replayDecisions<Recovered>(
  scenario: ScheduleScenario<Recovered>,
  options: ScheduleOptions,
  decisions: readonly Decision[],
): Promise<ScheduleFailure | null> {
  const run = new ScheduleRun(scenario, options, await preparedImage(scenario, options))
  try {
    await run.begin()
    for (const decision of decisions) if (!run.isOver) await run.decide(decision)
    while (!run.isOver) {
      for (const { id } of run.runnable()) await run.decide({ kind: 'run', id, calls: callsInTurn })
    }
    await run.end()
    return null
  } catch (error) {
    const events = run.log.events.map(
      ({ kind, operation, process }) => `process ${process}: ${kind} ${operation}`,
    )
    return { error, decisions, events, replay: formatSchedule(options.seed ?? 1, decisions) }
  }
}
