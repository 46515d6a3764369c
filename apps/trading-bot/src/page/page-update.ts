import { formatCount } from '../format-count.ts'
import { formatMoney } from '../format-money.ts'
import { formatTime } from '../format-time.ts'
import { percentile } from '../percentile.ts'
import { latencyBoundsMs, type PartModel } from '../show/part-model.ts'
import type { ShowModel } from '../show/show-model.ts'
import type { PageShow, PageTable, PageUpdate } from './page-message.ts'

const mostLogLines = 100

/** What a viewer needs once. */
export function pageShow({ candles, symbol, plannedCrashes }: ShowModel): PageShow {
  return {
    times: candles.map(({ timeMs }) => timeMs / 1000),
    prices: candles.map(({ close }) => close.toNumber()),
    symbol,
    plannedCrashes,
    latencyBoundsMs,
  }
}

/** How the show stands, for a viewer who has the equity of the first `from` candles already. */
export function pageUpdate(model: ShowModel, from: number, table: PageTable | null): PageUpdate {
  const run = model.part(model.shown)
  return {
    status: statusText(model, run),
    isAlive: run.pid !== null,
    isOver: table !== null,
    equity: { from, values: run.equity.slice(from).map(Number) },
    crashes: run.crashes.map(({ index }) => Math.max(index, 0)),
    figures: figures(model, run),
    holdings: holdings(run),
    histogram: run.histogram,
    recoveries: run.recoveries.slice(-mostLogLines).toReversed(),
    orders: run.orders.slice(-mostLogLines).toReversed(),
    table,
  }
}

function statusText(model: ShowModel, run: PartModel): string {
  if (model.isOver) return 'The show is over.'
  if (run.lives === 0) return 'First a run that nobody interrupts, to compare with…'
  if (run.pid !== null) return `The bot trades: process ${run.pid}, life ${run.lives}.`
  return run.isDone
    ? 'The bot has done all candles.'
    : 'The bot is dead. It is being started again…'
}

function figures(
  { candles, backend, plannedCrashes }: ShowModel,
  run: PartModel,
): [string, string][] {
  const { index, equity, crashes, version, latestMs, startsMs } = run
  const time = index < 0 ? 'not begun' : formatTime(candles[index]?.timeMs ?? 0)
  return [
    ['Equity', formatMoney(equity[index] ?? '0')],
    ['Market', time],
    ['Candles', `${formatCount(index + 1)} of ${formatCount(candles.length)}`],
    ['Crashes', `${formatCount(crashes.length)} of ${formatCount(plannedCrashes)}`],
    ['Backend', backend],
    ['Version', formatCount(version)],
    ['Commits a second', formatCount(run.commitsPerSecond())],
    ['Commit, p50', inMs(percentile(latestMs, 0.5))],
    ['Commit, p99', inMs(percentile(latestMs, 0.99))],
    ['Start, p50', inMs(percentile(startsMs, 0.5))],
    ['Torn states', formatCount(run.torn)],
  ]
}

function holdings({ position, openIntents, location, survives }: PartModel): [string, string][] {
  const held = position === null ? 'none' : `${position.quantity} from ${position.entryPrice}`
  return [
    ['Position', held],
    ['Open intents', openIntents.size === 0 ? 'none' : [...openIntents].join(', ')],
    ['State', location || 'not open yet'],
    ['Survives', survives || 'not open yet'],
  ]
}

function inMs(value: number | undefined): string {
  return value === undefined ? 'none yet' : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`
}
