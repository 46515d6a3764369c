import { createHash } from 'node:crypto'
import type { FileCall } from '@holdfast/fs'
import { describeCall } from '../crash/crash-run.ts'
import type { FaultMode, FaultOptions, FaultScenario, PlannedFault } from './fault-scenario.ts'
import { FaultRun } from './fault-run.ts'
import { possibleErrors, shortWrites } from './possible-errors.ts'

/** A fault after which something was not as promised. */
export interface FaultFailure {
  readonly error: unknown
  /** The call that met with it. */
  readonly call: string
  readonly fault: PlannedFault
  /** What `replayFault` takes. */
  readonly replay: string
}

/** What was tried. */
export interface FaultReport {
  readonly seed: number
  /** Calls of the undisturbed work: each met with every fault that it can. */
  readonly calls: number
  /** Faults; each is a run of its own. */
  readonly faults: number
  /** Of these, those that did not come to pass, because an earlier difference took another way: always 0. */
  readonly missed: number
  /** Disks that were recovered after a fault, with and without a power cut. */
  readonly states: number
  readonly failures: readonly FaultFailure[]
  /** The same for the same seed. */
  readonly digest: string
}

/**
 * Lets every call of a work meet with every error that it can give, once and for ever, and every write
 * be short by every class; after each, the disk is recovered as it is, and after a power cut, and
 * checked. What was opened has to be closed. @throws what `prepare` and an undisturbed work throw.
 */
export async function enumerateFaults<Recovered>(
  scenario: FaultScenario<Recovered>,
  options: FaultOptions = {},
): Promise<FaultReport> {
  const { seed = 1, mostFailures = 1 } = options
  const calls: FileCall[] = []
  await new FaultRun(scenario, options, null).run((call) => calls.push(call))
  const failures: FaultFailure[] = []
  const digest = createHash('sha1')
  const counts = { faults: 0, missed: 0, states: 0 }
  for (const fault of plan(calls, options)) {
    if (failures.length >= mostFailures) break
    const run = new FaultRun(scenario, options, fault)
    counts.faults += 1
    try {
      await run.run()
    } catch (error) {
      const call = calls[fault.call]
      const text = call === undefined ? '' : describeCall(call)
      failures.push({ error, call: text, fault, replay: formatFault(seed, fault) })
    }
    if (!run.hasStruck) counts.missed += 1
    counts.states += run.states
    digest.update(run.digest)
  }
  return { seed, calls: calls.length, ...counts, failures, digest: digest.digest('hex') }
}

/**
 * Makes the one fault that `replay` tells of, with the scenario and options that found it.
 * @returns what it threw, or null where it does not fail any more.
 */
export async function replayFault<Recovered>(
  replay: string,
  scenario: FaultScenario<Recovered>,
  options: FaultOptions = {},
): Promise<{ readonly error: unknown } | null> {
  const { seed, fault } = parseFault(replay)
  try {
    await new FaultRun(scenario, { ...options, seed }, fault).run()
    return null
  } catch (error) {
    return { error }
  }
}

function plan(calls: readonly FileCall[], options: FaultOptions): PlannedFault[] {
  const { modes = ['once', 'forever'], errnos = (possible) => possible } = options
  return calls.flatMap((call, number) => {
    const effects: (string | number)[] = [...errnos(possibleErrors(call), call)]
    if (call.method === 'write') effects.push(...shortWrites(call.data.length))
    return effects.flatMap((effect) => {
      // A file system that has no sync has none the next time either.
      const isLasting = effect === 'EINVAL'
      // A disk that takes a byte at a time, for ever, is slow and has no other fault.
      const isPassing = effect === 1
      const possible = modes.filter((mode) => (mode === 'once' ? !isLasting : !isPassing))
      return possible.map((mode) => ({ call: number, effect, mode }))
    })
  })
}

const start = 'fault1'

function formatFault(seed: number, { call, effect, mode }: PlannedFault): string {
  return [start, seed, call, effect, mode].join(':')
}

/** @throws TypeError for what is not the work of `formatFault`. */
function parseFault(text: string): { seed: number; fault: PlannedFault } {
  const match = /^fault1:(\d+):(\d+):([A-Z\d]+):(once|forever)$/.exec(text.trim())
  if (match === null) throw new TypeError(`${JSON.stringify(text)} is not the replay of a fault`)
  const [, seed, call, effect = '', mode] = match
  const isNumber = /^\d+$/.test(effect)
  return {
    seed: Number(seed),
    fault: {
      call: Number(call),
      effect: isNumber ? Number(effect) : effect,
      mode: (mode === 'once' ? 'once' : 'forever') satisfies FaultMode,
    },
  }
}
