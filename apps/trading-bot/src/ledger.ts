import type { DeepReadonly } from '@holdfast/core'
import type { MarketMoment } from './market.ts'
import type { Order, Trading } from './trading-state.ts'

/** Where the bot keeps what it knows, and how it deals with the exchange without losing track. */
export interface Ledger {
  readonly value: DeepReadonly<Trading>
  /** Finds out what became of orders that an earlier life of the bot left open. */
  recover(): Promise<void>
  /** Has the exchange carry out the open order `id`, and takes in what came of it. */
  settle(id: string, order: Order): Promise<void>
  /** Does the rest of a candle; see `closeCandle`. */
  closeCandle(moment: MarketMoment): Promise<void>
}
