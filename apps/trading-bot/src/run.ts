import { openStore } from 'holdfast'
import { botExchange } from './bot-exchange.ts'
import { bundledCandles, bundledTitle } from './candles/bundled-candles.ts'
import { readCandles } from './candles/read-candles.ts'
import { checkSettings } from './check-settings.ts'
import { firstCandle } from './first-candle.ts'
import { formatTime } from './format-time.ts'
import { HoldfastLedger } from './holdfast-ledger.ts'
import { introduction } from './introduction.ts'
import { labelledLines } from './labelled-lines.ts'
import { market } from './market.ts'
import { report as reportOf } from './report.ts'
import { runReport } from './run-report.ts'
import { settingsOf } from './settings-of.ts'
import { survives } from './survives.ts'
import { trade } from './trade.ts'
import { tradingOptions } from './trading-options.ts'
import type { Durability, State } from '@holdfast/core'
import type { BotArguments } from './arguments.ts'
import type { BotRun } from './bot.ts'
import type { BotReport, Reporter } from './bot-report.ts'
import type { Candle } from './candles/candle.ts'
import type { Progress } from './progress.ts'
import type { Trading } from './trading-state.ts'

/** What a run needs of the process around it. */
export interface RunEnvironment {
  readonly write: (text: string) => void
  readonly progress: Progress
  readonly report: Reporter
  /** Stops the bot after the commit under way. */
  readonly signal: AbortSignal
}

/** How long the bot waits before it asks an exchange again that gave no answer. */
const pauseMs = 20

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

  await using store = await openStore(options.stateUrl)
  if (options.isFresh) {
    write(`Starting over: removing state ${options.name} in ${store.location}\n`)
    await store.remove(options.name)
  }
  await using state = await store.open(options.name, { ...tradingOptions(settings), signal })
  const { durability } = store.capabilities
  const done = await tradeOn(
    state,
    { ...options, durability, candles, title: options.candles },
    environment,
  )
  if (done.isStopped) {
    state.signal.throwIfAborted()
    write(stopped(state, options))
    return 'stopped'
  }
  const place = `${state.name} in ${state.location}, version ${state.version}`
  const ending = [...runReport(done), ['State', place], ['Survives', survives(durability)]] as const
  write(`\n${labelledLines(reportOf(state.value))}\n${labelledLines(ending)}`)
  return 'done'
}

interface TradeOnOptions extends Omit<BotArguments, 'candles'> {
  readonly durability: Durability
  readonly candles: readonly Candle[]
  /** The candle file, where it is not the bundled one. */
  readonly title: string | undefined
}

/** Goes on where the state stands, until the candles are done or the run is stopped. */
async function tradeOn(
  state: State<Trading>,
  { candles, title, durability, ...options }: TradeOnOptions,
  environment: RunEnvironment,
): Promise<BotRun> {
  const { cursor, settings } = state.value
  const names = {
    state: `state "${state.name}" (${state.location})`,
    candles: title ?? bundledTitle,
  }
  checkSettings(options.settings, settings, names.state)
  const moments = market(candles, settings)
  const start = firstCandle(cursor, moments, names)

  // A bot whose state was taken over must not go on trading any more than one that was told to stop.
  const signal = AbortSignal.any([environment.signal, state.signal])
  const { patienceMs: limitMs, timeoutMs, speed } = options
  const patience = { limitMs, pauseMs, signal }
  using trading = await botExchange(options, candles, settings, patience)
  const { exchange } = trading
  const doneMs = cursor?.timeMs ?? null
  const { report } = environment
  const ledger = new HoldfastLedger({ state, doneMs, exchange, patience, timeoutMs, report })
  const about = { state, durability, candles: names.candles, moments, start }
  environment.write(labelledLines(introduction(about)))
  report(opening(state, durability, start))
  const version = (): number => state.version
  const parts = { ledger, moments, start, version, speed }
  return trade(parts, { ...environment, signal })
}

function opening(state: State<Trading>, durability: Durability, candles: number): BotReport {
  return {
    kind: 'opened',
    location: state.location,
    survives: survives(durability),
    version: state.version,
    candles,
    startMs: performance.now(),
    isTorn: false,
    openIntents: state.pending().map(({ id }) => id),
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
