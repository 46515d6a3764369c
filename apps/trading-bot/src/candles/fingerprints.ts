import { createHash } from 'node:crypto'
import type { Candle } from './candle.ts'

/**
 * One fingerprint for each candle, over it and all before it: equal exactly when everything up to
 * there is equal. So a file that has grown since still fits, and one that differs in the past does not.
 */
export function fingerprints(candles: readonly Candle[]): string[] {
  let previous = ''
  return candles.map(({ timeMs, open, high, low, close, volume }) => {
    const values = [open, high, low, close, volume].map((value) => value.toFixed())
    const text = [previous, timeMs, ...values].join(' ')
    previous = createHash('sha256').update(text).digest('hex').slice(0, 32)
    return previous
  })
}
