import { styleText } from 'node:util'
import { Big } from 'big.js'
import { closedTrades } from './closed-trades.ts'
import { drawdown } from './drawdown.ts'
import { formatCount } from './format-count.ts'
import { formatMoney } from './format-money.ts'
import { formatPercent } from './format-percent.ts'
import { formatTime } from './format-time.ts'
import { sparkline } from './sparkline.ts'
import type { DeepReadonly } from '@holdfast/core'
import type { LabelledLine } from './labelled-lines.ts'
import type { Trading } from './trading-state.ts'

const sparklineWidth = 60

/** What came of the trading: follows from the state alone, so it is the same after every restart. */
export function report(trading: DeepReadonly<Trading>): LabelledLine[] {
  const first = trading.equityCurve[0]
  const last = trading.equityCurve.at(-1)
  const realized: LabelledLine = ['Realized P&L', gain(trading.realizedPnl)]
  if (first === undefined || last === undefined) {
    return [['Period', 'no candle is done yet'], tradesLine(trading), realized]
  }
  const count = formatCount(trading.equityCurve.length)
  const { startingCash } = trading.settings
  const equity = trading.equityCurve.map(([, value]) => Number(value))
  return [
    ['Period', `${formatTime(first[0])} to ${formatTime(last[0])}, ${count} candles`],
    tradesLine(trading),
    realized,
    ['Final equity', `${formatMoney(last[1])} from ${formatMoney(startingCash)}`],
    ['Return', returnOn(startingCash, last[1])],
    ['Max drawdown', drawdownText(trading)],
    ['Equity', styleText('cyan', sparkline(equity, sparklineWidth))],
  ]
}

function tradesLine(trading: DeepReadonly<Trading>): LabelledLine {
  const closed = closedTrades(trading.fills)
  const won = closed.filter((pnl) => pnl.gt(0)).length
  const rate = closed.length === 0 ? '' : `, ${formatPercent(new Big(won).div(closed.length))} won`
  const held = Object.entries(trading.positions)
    .map(([symbol, { quantity, entryPrice }]) => `, holds ${quantity} ${symbol} from ${entryPrice}`)
    .join('')
  return ['Trades', `${closed.length} closed${rate}${held}`]
}

function gain(amount: string): string {
  return styleText(new Big(amount).lt(0) ? 'red' : 'green', formatMoney(amount, 'always'))
}

function returnOn(start: string, end: string): string {
  if (new Big(start).lte(0)) return 'unknown: the starting cash is not above 0'
  const fraction = new Big(end).div(start).minus(1)
  return styleText(fraction.lt(0) ? 'red' : 'green', formatPercent(fraction, 'always'))
}

function drawdownText(trading: DeepReadonly<Trading>): string {
  const { fraction, fromMs, toMs } = drawdown(trading.equityCurve)
  if (fromMs === null || toMs === null) return 'none'
  return `${formatPercent(fraction)}, ${formatTime(fromMs)} to ${formatTime(toMs)}`
}
