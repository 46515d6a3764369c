import { Big } from 'big.js'
import { cents } from './cents.ts'
import { executeOrder, type Execution } from './paper-exchange.ts'
import type { Candle } from './candles/candle.ts'
import type { MarketMoment } from './market.ts'
import type { Order, Trading } from './trading-state.ts'

/**
 * One candle of the bot's life, all of it: the exchange fills at the open what was ordered before,
 * the strategy decides at the close, the curve and the cursor move on. Changes `trading` in place,
 * and follows from it and `moment` alone: done again on the same state it does the same.
 */
export function tradeCandle(trading: Trading, moment: MarketMoment): void {
  const { candle, index, fingerprint } = moment
  fillOrders(trading, candle)
  placeOrder(trading, moment)
  trading.equityCurve.push([candle.timeMs, equityAt(trading, candle.close).toFixed()])
  trading.cursor = { timeMs: candle.timeMs, position: { index, fingerprint } }
}

function fillOrders(trading: Trading, candle: Candle): void {
  for (const [id, order] of Object.entries(trading.openOrders)) {
    delete trading.openOrders[id]
    const execution = executeOrder(order, candle, trading.settings)
    if (execution === null) continue
    const pnl = settle(trading, order, execution)
    trading.realizedPnl = pnl.plus(trading.realizedPnl).toFixed()
    trading.fills.push({
      orderId: id,
      symbol: order.symbol,
      side: order.side,
      quantity: execution.quantity.toFixed(),
      price: execution.price.toFixed(),
      fee: execution.fee.toFixed(),
      pnl: pnl.toFixed(),
      timeMs: candle.timeMs,
    })
  }
}

/** Moves cash and position; gives what the execution earned. */
function settle(trading: Trading, order: Order, { quantity, price, worth, fee }: Execution): Big {
  const cash = new Big(trading.cash)
  if (order.side === 'buy') {
    trading.cash = cash.minus(worth).minus(fee).toFixed()
    trading.positions[order.symbol] = { quantity: quantity.toFixed(), entryPrice: price.toFixed() }
    return fee.times(-1)
  }
  const cost = costOf(trading, order.symbol)
  trading.cash = cash.plus(worth).minus(fee).toFixed()
  delete trading.positions[order.symbol]
  return worth.minus(fee).minus(cost)
}

function placeOrder(trading: Trading, { candle, index, stance }: MarketMoment): void {
  const { symbol } = trading.settings
  const position = Object.hasOwn(trading.positions, symbol) ? trading.positions[symbol] : undefined
  const placedAt = candle.timeMs
  if (stance === 'long' && position === undefined) {
    trading.openOrders[orderId(symbol, index, 'buy')] = {
      side: 'buy',
      symbol,
      spend: trading.cash,
      placedAt,
    }
  }
  if (stance === 'flat' && position !== undefined) {
    trading.openOrders[orderId(symbol, index, 'sell')] = {
      side: 'sell',
      symbol,
      quantity: position.quantity,
      placedAt,
    }
  }
}

/** The client order id: the same for the same candle, whenever and however often it is decided. */
function orderId(symbol: string, index: number, side: Order['side']): string {
  return `${symbol}-${String(index).padStart(6, '0')}-${side}`
}

function costOf(trading: Trading, symbol: string): Big {
  const position = trading.positions[symbol]
  if (position === undefined) throw new Error(`a sale of ${symbol}, which is not held`)
  return cents(new Big(position.quantity).times(position.entryPrice))
}

function equityAt(trading: Trading, price: Big): Big {
  const { symbol } = trading.settings
  const quantity = Object.hasOwn(trading.positions, symbol)
    ? (trading.positions[symbol]?.quantity ?? 0)
    : 0
  return cents(price.times(quantity)).plus(trading.cash)
}
