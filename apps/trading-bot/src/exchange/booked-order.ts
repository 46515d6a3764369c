import { z } from 'zod'
import { OrderOutcome } from '../order-outcome.ts'
import { Order } from '../trading-state.ts'

/** What an order is known by on both sides. */
const ClientOrderId = z.string().regex(/^[\dA-Za-z][\w.:=-]{0,63}$/)

/** An order as it stands in the exchange's book, and in its answers. */
export const BookedOrder = z.object({
  clientOrderId: ClientOrderId,
  /** The exchange's own id: one more for each order that it took. */
  number: z.int(),
  order: Order,
  /** Null while the order is open. */
  outcome: OrderOutcome.nullable(),
})

/** Everything the exchange knows: its orders by client order id. */
export const Book = z.object({ orders: z.record(z.string(), BookedOrder) })

export type BookedOrder = z.infer<typeof BookedOrder>
export type Book = z.infer<typeof Book>
