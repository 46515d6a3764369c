import { executeOrder, type ExchangeTerms } from './paper-exchange.ts'
import type { Candle } from './candles/candle.ts'
import type { OrderOutcome } from './order-outcome.ts'
import type { Order } from './trading-state.ts'

/** What becomes of an order that is taken; null while there is no candle after it. */
export type FillOrder = (order: Order) => OrderOutcome | null

/**
 * Fills orders at the open of the candle after the one that they were placed at. The outcome follows
 * from the order and the candles alone.
 */
export function candleExchange(candles: readonly Candle[], terms: ExchangeTerms): FillOrder {
  const following = new Map(
    candles.slice(1).map((candle, index) => [candles[index]?.timeMs, candle]),
  )
  return (order) => {
    const candle = following.get(order.placedAt)
    if (candle === undefined) return null
    const { timeMs } = candle
    const execution = executeOrder(order, candle, terms)
    if (execution === null) return { status: 'void', timeMs }
    return {
      status: 'filled',
      quantity: execution.quantity.toFixed(),
      price: execution.price.toFixed(),
      worth: execution.worth.toFixed(),
      fee: execution.fee.toFixed(),
      timeMs,
    }
  }
}
