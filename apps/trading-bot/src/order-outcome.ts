import { decimal } from '@holdfast/core'
import { z } from 'zod'

/** What became of an order; final, whoever asks and however often. */
export const OrderOutcome = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('filled'),
    quantity: decimal,
    price: decimal,
    /** What the shares cost or brought, in cents, without the fee. */
    worth: decimal,
    fee: decimal,
    /** The time of the candle at whose open it was filled. */
    timeMs: z.int(),
  }),
  /** Taken, and worth nothing: the money does not pay for the smallest share. */
  z.object({ status: z.literal('void'), timeMs: z.int() }),
  /** Not taken. The order id is used up; the same order may be tried under another one. */
  z.object({ status: z.literal('refused'), reason: z.string() }),
])

export type OrderOutcome = z.infer<typeof OrderOutcome>
