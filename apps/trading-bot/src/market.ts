import { fingerprints } from './candles/fingerprints.ts'
import { movingAverageCrossover, type Stance } from './moving-average-crossover.ts'
import type { Candle } from './candles/candle.ts'
import type { Settings } from './settings.ts'

/** One moment of the market, with what the strategy makes of it. */
export interface MarketMoment {
  readonly index: number
  readonly candle: Candle
  readonly stance: Stance
  /** Of the candles up to this one. */
  readonly fingerprint: string
}

/** The candles with all that follows from them and the settings alone. */
export function market(candles: readonly Candle[], settings: Settings): MarketMoment[] {
  const stances = movingAverageCrossover(candles, settings)
  const prints = fingerprints(candles)
  return candles.map((candle, index) => ({
    index,
    candle,
    stance: stances[index] ?? 'unchanged',
    fingerprint: prints[index] ?? '',
  }))
}
