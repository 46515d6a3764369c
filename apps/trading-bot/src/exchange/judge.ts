import { createHash } from 'node:crypto'
import type { FillOrder } from '../candle-exchange.ts'
import type { OrderOutcome } from '../order-outcome.ts'
import type { Order } from '../trading-state.ts'

/**
 * What the exchange does with a new order: fill it, refuse it, or leave it open with null. `attempt`
 * is one more than the number of times that it took the same order before.
 */
export type Judge = (order: Order, attempt: number) => OrderOutcome | null

/** Which orders are refused: a fraction of them, by a seed. */
export interface Refusals {
  readonly seed: number
  readonly fraction: number
}

/** Refuses some orders, the same ones at each run with the same seed, and fills the others. */
export function judge(fill: FillOrder, { seed, fraction }: Refusals): Judge {
  return (order, attempt) => {
    const name = [seed, order.symbol, order.side, order.placedAt, attempt].join(' ')
    const drawn = createHash('sha256').update(name).digest().readUInt32BE()
    if (drawn >= fraction * 2 ** 32) return fill(order)
    return { status: 'refused', reason: 'the exchange is busy' }
  }
}
