import { decimal } from '@holdfast/core'
import { z } from 'zod'
import { Settings } from './settings.ts'

/** The schema version of `Trading`. Version 1 was the older bot's plain file. */
export const tradingVersion = 2

/** A market order: an all-in purchase, or the sale of what is held. */
export const Order = z.discriminatedUnion('side', [
  z.object({
    side: z.literal('buy'),
    symbol: z.string(),
    /** What may be spent, fee included. */
    spend: decimal,
    placedAt: z.int(),
  }),
  z.object({ side: z.literal('sell'), symbol: z.string(), quantity: decimal, placedAt: z.int() }),
])

/** An order that the exchange carried out, in full. */
export const Fill = z.object({
  /** The client order id. */
  orderId: z.string(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: decimal,
  price: decimal,
  fee: decimal,
  /** What it added to `realizedPnl`: minus the fee on a purchase. */
  pnl: decimal,
  timeMs: z.int(),
})

/** The last candle that was done. */
export const Cursor = z.object({
  timeMs: z.int(),
  /**
   * Its index in the candle file, and the fingerprint of the file up to it. Null in a state taken
   * over from an older bot, which knew its time alone, until the first candle is done here.
   */
  position: z.object({ index: z.int(), fingerprint: z.string() }).nullable(),
})

/** Everything the bot knows. One candle's decisions change it in one update. */
export const Trading = z.object({
  settings: Settings,
  /** Null before the first candle. */
  cursor: Cursor.nullable(),
  cash: decimal,
  realizedPnl: decimal,
  /** By symbol. */
  positions: z.record(z.string(), z.object({ quantity: decimal, entryPrice: decimal })),
  /** By client order id. */
  openOrders: z.record(z.string(), Order),
  fills: z.array(Fill),
  /** What all was worth at the close of each candle: time, equity. */
  equityCurve: z.array(z.tuple([z.int(), decimal])),
})

export type Order = z.infer<typeof Order>
export type Fill = z.infer<typeof Fill>
export type Cursor = z.infer<typeof Cursor>
export type Trading = z.infer<typeof Trading>

/** The state of a bot that has done nothing yet. */
export function initialTrading(settings: Settings): Trading {
  return {
    settings,
    cursor: null,
    cash: settings.startingCash,
    realizedPnl: '0',
    positions: {},
    openOrders: {},
    fills: [],
    equityCurve: [],
  }
}
