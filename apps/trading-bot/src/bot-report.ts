import { z } from 'zod'

/** What a bot tells the process that started it, if that process listens. */
export const BotReport = z.discriminatedUnion('kind', [
  /** The state is open, and the bot begins. */
  z.object({
    kind: z.literal('opened'),
    location: z.string(),
    survives: z.string(),
    version: z.int(),
    /** The number of candles done before. */
    candles: z.int(),
    /** Since the process started. */
    startMs: z.number(),
    /** Whether the state was found torn, and taken for none. */
    isTorn: z.boolean(),
    /** The orders that an earlier life left open. */
    openIntents: z.array(z.string()),
  }),
  /** What became of an order that an earlier life left open. */
  z.object({ kind: z.literal('recovered'), order: z.string(), outcome: z.string() }),
  /** An order is about to be sent; its intent is recorded first. */
  z.object({ kind: z.literal('ordering'), order: z.string() }),
  z.object({ kind: z.literal('unanswered'), order: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('ordered'), order: z.string(), status: z.string() }),
  z.object({
    kind: z.literal('candle'),
    index: z.int(),
    timeMs: z.int(),
    price: z.string(),
    equity: z.string(),
    position: z.object({ quantity: z.string(), entryPrice: z.string() }).nullable(),
    version: z.int(),
    commitMs: z.number(),
  }),
  z.object({ kind: z.literal('done') }),
])

export type BotReport = z.infer<typeof BotReport>

/** Takes reports; where nobody listens it does nothing. */
export type Reporter = (report: BotReport) => void

/** Reports to the process that started this one with an IPC channel; to nobody without. */
export function parentReporter(): Reporter {
  return (report) => {
    // A parent that is gone is noticed by `disconnect`, not here.
    if (process.connected) process.send?.(report, undefined, undefined, () => {})
  }
}
