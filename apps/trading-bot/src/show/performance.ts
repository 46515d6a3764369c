import { CrashRun } from './crash-run.ts'
import { readBook, readNaive, readTrading } from './read-result.ts'
import type { Candle } from '../candles/candle.ts'
import type { Settings } from '../settings.ts'
import type { PlannedKill } from './crash-plan.ts'
import type { Part } from './part-model.ts'
import type { RunResult } from './run-result.ts'
import type { ShowArguments } from './show-arguments.ts'
import type { ShowFiles } from './show-files.ts'
import type { ShowModel } from './show-model.ts'

/** What all runs of a show have in common. */
export interface Stage {
  readonly files: ShowFiles
  readonly settings: Settings
  readonly candles: readonly Candle[]
  readonly options: ShowArguments
  readonly model: ShowModel
  readonly signal: AbortSignal
}

/** How long an answer may take. The exchange answers in a millisecond, or not at all. */
const timeoutMs = 150
/** Which part of the orders the exchange refuses: they are tried again, so nothing is lost by it. */
const refusedFraction = 0.05

/** Runs one part of the show to its end, killed by `plan`; gives what it left behind. */
export async function perform(
  part: Part,
  plan: readonly PlannedKill[],
  stage: Stage,
): Promise<RunResult> {
  const { files, candles, model, signal, settings } = stage
  const indexes = new Map(candles.map(({ timeMs }, index) => [timeMs, index]))
  const book = files.store(`${part}-exchange`)
  const { stateUrl, name } = stateOf(part, stage)
  const own =
    part === 'naive' ? ['--naive', files.naiveState] : ['--state', stateUrl, '--name', name]
  const run = new CrashRun({
    botArgs: (life) => [
      ...own,
      ...(life === 'first' ? ['--fresh'] : []),
      ...botArgs(part, stage),
      ...settingArgs(settings),
    ],
    exchangeArgs: exchangeArgs(part, book, stage),
    plan,
    indexAt: (timeMs) => indexes.get(timeMs),
    cache: files.cache,
    onEvent: (event) => model.take(part, event),
    signal,
  })
  model.onKill(part, () => run.kill())
  await run.finish()
  return {
    trading:
      part === 'naive'
        ? await readNaive(files.naiveState)
        : await readTrading(stateUrl, name, settings),
    booked: await readBook(book),
    kills: model.part(part).crashes.length,
    torn: model.part(part).torn,
  }
}

/** The uninterrupted run keeps its state apart; what it comes to does not depend on where. */
function stateOf(part: Part, { files, options }: Stage): { stateUrl: string; name: string } {
  if (part === 'holdfast') return options
  return { stateUrl: `${files.store(part)}?durability=process`, name: 'trading' }
}

function botArgs(part: Part, { files, options }: Stage): string[] {
  const speed = part === 'uninterrupted' ? undefined : options.speed
  const args = ['--candles', files.candles, '--timeout', String(timeoutMs)]
  return speed === undefined ? args : [...args, '--speed', String(speed)]
}

function exchangeArgs(part: Part, book: string, { files, options, settings }: Stage): string[] {
  const isCalm = part === 'uninterrupted'
  const args = optionArgs({
    state: isCalm ? `${book}?durability=process` : book,
    candles: files.candles,
    fee: settings.fee,
    slippage: settings.slippage,
    seed: options.seed,
    refuse: refusedFraction,
  })
  return isCalm ? args : [...args, '--misbehave']
}

function settingArgs({ startingCash, ...settings }: Settings): string[] {
  return optionArgs({ ...settings, cash: startingCash })
}

function optionArgs(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
}
