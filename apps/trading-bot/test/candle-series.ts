import { Big } from 'big.js'
import type { Candle } from '../src/candles/candle.ts'

const dayMs = 86_400_000

/** Daily candles from 2000-01-01 on, of which only open and close matter. */
export function candleSeries(
  prices: readonly (readonly [open: number, close: number])[],
): Candle[] {
  return prices.map(([open, close], index) => ({
    timeMs: Date.UTC(2000, 0, 1) + index * dayMs,
    open: new Big(open),
    high: new Big(Math.max(open, close)),
    low: new Big(Math.min(open, close)),
    close: new Big(close),
    volume: new Big(0),
  }))
}
