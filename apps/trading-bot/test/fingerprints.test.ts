import { expect, test } from 'vitest'
import { fingerprints } from '../src/candles/fingerprints.ts'
import { candleSeries } from './candle-series.ts'

const prices = [
  [1, 2],
  [2, 3],
  [3, 4],
] as const

test('candles that were added later change no earlier fingerprint', () => {
  const [first, second] = fingerprints(candleSeries(prices))
  expect(fingerprints(candleSeries(prices.slice(0, 2)))).toEqual([first, second])
})

test('a candle that differs changes its own and every later fingerprint', () => {
  const whole = fingerprints(candleSeries(prices))
  const other = fingerprints(candleSeries([prices[0], [2, 3.0001], prices[2]]))
  expect(other.map((print, index) => print === whole[index])).toEqual([true, false, false])
})
