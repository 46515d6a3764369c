import { Big } from 'big.js'
import { cents } from './cents.ts'
import { orderId } from './order-id.ts'
import type { MarketMoment } from './market.ts'
import type { Trading } from './trading-state.ts'

/**
 * The close of one candle: the strategy decides what to order, the curve and the cursor move on.
 * Changes `trading` in place, and follows from it and `moment` alone: done again on the same state it
 * does the same. What was ordered before must be settled.
 */
export function closeCandle(trading: Trading, moment: MarketMoment): void {
  const { candle, index, fingerprint } = moment
  placeOrder(trading, moment)
  trading.equityCurve.push([candle.timeMs, equityAt(trading, candle.close).toFixed()])
  trading.cursor = { timeMs: candle.timeMs, position: { index, fingerprint } }
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

function equityAt(trading: Trading, price: Big): Big {
  const { symbol } = trading.settings
  const quantity = Object.hasOwn(trading.positions, symbol)
    ? (trading.positions[symbol]?.quantity ?? 0)
    : 0
  return cents(price.times(quantity)).plus(trading.cash)
}
