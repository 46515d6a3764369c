import { z } from 'zod'

/** What an exchange tells the process that started it. */
export const ExchangeReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening'), url: z.string() }),
  /** A request was carried out, and is about to be answered in that manner. */
  z.object({
    kind: z.literal('request'),
    method: z.string(),
    clientOrderId: z.string().nullable(),
    placedAt: z.int().nullable(),
    manner: z.enum(['well', 'silently', 'dropped', 'twice', 'down']),
  }),
])

export type ExchangeReport = z.infer<typeof ExchangeReport>
