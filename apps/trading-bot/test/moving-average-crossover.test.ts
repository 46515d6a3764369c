import { expect, test } from 'vitest'
import { movingAverageCrossover } from '../src/moving-average-crossover.ts'
import { candleSeries } from './candle-series.ts'

function stances(closes: readonly number[], fast: number, slow: number): string[] {
  const candles = candleSeries(closes.map((close) => [close, close]))
  return movingAverageCrossover(candles, { fast, slow })
}

test('the stance is long while the fast average is above the slow one and flat while below', () => {
  // From the third close on: 2.5 to 2, 3.5 to 3, 3.5 to 3.33, 2 to 2.67, 3.5 to 3.33.
  const wanted = ['unchanged', 'unchanged', 'long', 'long', 'long', 'flat', 'long']
  expect(stances([1, 2, 3, 4, 3, 1, 6], 2, 3)).toEqual(wanted)
})

test('before there are as many closes as the slow average needs nothing changes', () => {
  expect(stances([1, 2, 3], 1, 4)).toEqual(['unchanged', 'unchanged', 'unchanged'])
})

test('equal averages change nothing', () => {
  expect(stances([2, 2, 2], 1, 2)).toEqual(['unchanged', 'unchanged', 'unchanged'])
})

test('averages that floats cannot tell apart are told apart', () => {
  // 0.1 + 0.2 is 0.30000000000000004 as floats: (0.1 + 0.2 + 0.15) / 3 would not equal 0.15.
  expect(stances([0.1, 0.2, 0.15], 1, 3)).toEqual(['unchanged', 'unchanged', 'unchanged'])
})

test('a stance follows from the candles up to it alone', () => {
  const closes = [5, 3, 4, 6, 7, 2, 1, 8]
  const whole = stances(closes, 2, 3)
  for (let length = 1; length <= closes.length; length += 1) {
    expect(stances(closes.slice(0, length), 2, 3)).toEqual(whole.slice(0, length))
  }
})
