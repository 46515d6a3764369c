import { openStore } from 'holdfast'
import { runBot, type BotRun } from './bot.ts'
import { bundledCandles, bundledTitle } from './candles/bundled-candles.ts'
import { readCandles } from './candles/read-candles.ts'
import { checkSettings } from './check-settings.ts'
import { closedTrades } from './closed-trades.ts'
import { firstCandle } from './first-candle.ts'
import { formatTime } from './format-time.ts'
import { introduction } from './introduction.ts'
import { labelledLines } from './labelled-lines.ts'
import { market, type MarketMoment } from './market.ts'
import { pace } from './pace.ts'
import { report } from './report.ts'
import { runReport } from './run-report.ts'
import { settingsOf } from './settings-of.ts'
import { survives } from './survives.ts'
import { tradingOptions } from './trading-options.ts'
import type { State } from '@holdfast/core'
import type { BotArguments } from './arguments.ts'
import type { Progress } from './progress.ts'
import type { Trading } from './trading-state.ts'

/** What a run needs of the process around it. */
export interface RunEnvironment {
  readonly write: (text: string) => void
  readonly progress: Progress
  /** Stops the bot after the commit under way. */
  readonly signal: AbortSignal
}

/**
 * The whole program: reads the candles, opens the state, trades what is still to be traded, reports.
 * Nothing is written, nor removed, before the candles were read and found right.
 * @throws BotError, HoldfastError; the signal's reason when stopped before the state was open.
 */
export async function run(
  options: BotArguments,
  environment: RunEnvironment,
): Promise<'done' | 'stopped'> {
  const { write, signal } = environment
  const settings = settingsOf(options.settings, options.candles)
  const candles = await readCandles(options.candles ?? bundledCandles())
  const title = options.candles ?? bundledTitle

  await using store = await openStore(options.stateUrl)
  if (options.isFresh) {
    write(`Starting over: removing state ${options.name} in ${store.location}\n`)
    await store.remove(options.name)
  }
  await using state = await store.open(options.name, { ...tradingOptions(settings), signal })
  const names = { state: `state "${state.name}" (${state.location})`, candles: title }
  checkSettings(options.settings, state.value.settings, names.state)
  const moments = market(candles, state.value.settings)
  const start = firstCandle(state.value.cursor, moments, names)

  const { durability } = store.capabilities
  write(labelledLines(introduction({ state, durability, candles: title, moments, start })))
  const done = await trade(state, moments, start, options, environment)
  if (done.isStopped) {
    write(stopped(state, options))
    return 'stopped'
  }
  const place = `${state.name} in ${state.location}, version ${state.version}`
  const ending = [...runReport(done), ['State', place], ['Survives', survives(durability)]] as const
  write(`\n${labelledLines(report(state.value))}\n${labelledLines(ending)}`)
  return 'done'
}

async function trade(
  state: State<Trading>,
  moments: readonly MarketMoment[],
  start: number,
  { speed }: BotArguments,
  { progress, signal }: RunEnvironment,
): Promise<BotRun> {
  const total = moments.length
  try {
    return await runBot({
      state,
      moments: moments.slice(start),
      pace: pace(speed, signal),
      signal,
      onCandle({ index, candle }) {
        const done = index + 1
        if (!progress.isDue(done, total)) return
        const equity = state.value.equityCurve.at(-1)?.[1] ?? state.value.cash
        const trades = closedTrades(state.value.fills).length
        progress.show({ done, total, timeMs: candle.timeMs, equity, closedTrades: trades })
      },
    })
  } finally {
    progress.end()
  }
}

function stopped({ value, version }: State<Trading>, { isFresh }: BotArguments): string {
  const { cursor } = value
  const where = cursor === null ? 'before the first candle' : `after ${formatTime(cursor.timeMs)}`
  const again = `run the same command again${isFresh ? ', without --fresh' : ''}`
  return labelledLines([
    ['Stopped', `${where}, at version ${version}`],
    ['To go on', again],
  ])
}
