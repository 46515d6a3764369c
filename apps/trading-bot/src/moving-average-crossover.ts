import { Big } from 'big.js'
import type { Candle } from './candles/candle.ts'

/** What the strategy wants to be after a candle: invested, out, or as it is. */
export type Stance = 'long' | 'flat' | 'unchanged'

export interface MovingAverages {
  /** Candles in the fast average. */
  readonly fast: number
  /** Candles in the slow average. */
  readonly slow: number
}

/**
 * The moving-average crossover: long while the average of the last `fast` closes is above that of
 * the last `slow` ones, flat while it is below, unchanged while they are equal or there are fewer
 * than `slow` closes. Gives the stance after each candle, from it and those before it alone.
 */
export function movingAverageCrossover(
  candles: readonly Candle[],
  { fast, slow }: MovingAverages,
): Stance[] {
  const sums = runningSums(candles)
  return candles.map((_, index) => {
    const end = index + 1
    if (end < slow) return 'unchanged'
    // fastSum / fast against slowSum / slow, without a division that would round.
    const fastSide = sumBetween(sums, end - fast, end).times(slow)
    const slowSide = sumBetween(sums, end - slow, end).times(fast)
    if (fastSide.eq(slowSide)) return 'unchanged'
    return fastSide.gt(slowSide) ? 'long' : 'flat'
  })
}

/** The sum of the closes before each index: one more than there are candles. */
function runningSums(candles: readonly Candle[]): Big[] {
  let sum = new Big(0)
  return [sum, ...candles.map((candle) => (sum = sum.plus(candle.close)))]
}

function sumBetween(sums: readonly Big[], start: number, end: number): Big {
  const [before, upTo] = [sums[start], sums[end]]
  if (before === undefined || upTo === undefined) throw new RangeError('window outside the candles')
  return upTo.minus(before)
}
