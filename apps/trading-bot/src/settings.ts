import { decimal } from '@holdfast/core'
import { z } from 'zod'

/** What a run is made with. It belongs to the state: going on with other settings would be another run. */
export const Settings = z.object({
  /** What is traded; the key of its position. */
  symbol: z.string(),
  /** Candles in the fast moving average. */
  fast: z.int(),
  /** Candles in the slow moving average; more than `fast`. */
  slow: z.int(),
  /** The exchange's fee, as a fraction of what an order is worth. */
  fee: decimal,
  /** How much worse than the open price an order is filled, as a fraction. */
  slippage: decimal,
  startingCash: decimal,
})

export type Settings = z.infer<typeof Settings>

/** The settings that a user names; the others are left to a state, or to the defaults. */
export type AskedSettings = { readonly [Key in keyof Settings]?: Settings[Key] | undefined }
