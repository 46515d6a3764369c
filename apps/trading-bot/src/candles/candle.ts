import type { Big } from 'big.js'

/** What the market did in one span of time; prices are exact decimals. */
export interface Candle {
  /** When the span begins, in milliseconds since 1970, UTC. */
  readonly timeMs: number
  readonly open: Big
  readonly high: Big
  readonly low: Big
  readonly close: Big
  readonly volume: Big
}
