import type { OrderOutcome } from './order-outcome.ts'
import type { Order } from './trading-state.ts'

/** An exchange, as the bot sees it. */
export interface Exchange {
  /**
   * Sends an order under the client order id `id`; sent again it is the same order, with the same
   * outcome.
   * @throws NoAnswer when nothing is known: the order may have been taken, or not.
   */
  place(id: string, order: Order, signal?: AbortSignal): Promise<OrderOutcome>
  /**
   * What became of the order `id`; null only when the exchange says that it has never taken it.
   * @throws NoAnswer when nothing is known.
   */
  find(id: string, signal?: AbortSignal): Promise<OrderOutcome | null>
}

/** The exchange gave no answer that can be believed: whether it did what it was asked is unknown. */
export class NoAnswer extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NoAnswer'
  }
}
