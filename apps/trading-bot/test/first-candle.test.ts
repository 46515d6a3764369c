import { expect, test } from 'vitest'
import { firstCandle } from '../src/first-candle.ts'
import { market } from '../src/market.ts'
import { candleSeries } from './candle-series.ts'
import { tradingSettings } from './trading-settings.ts'
import type { Cursor } from '../src/trading-state.ts'

const prices = [
  [1, 2],
  [2, 3],
  [3, 4],
] as const
const moments = market(candleSeries(prices), tradingSettings())
const names = { state: 'state x', candles: 'c.csv' }

const day = (date: string): number => Date.parse(date)

function cursorAt(index: number): Cursor {
  const moment = moments[index]
  if (moment === undefined) throw new RangeError('no such candle')
  const { candle, fingerprint } = moment
  return { timeMs: candle.timeMs, position: { index, fingerprint } }
}

test('a new run begins at the first candle and a resumed one after its last', () => {
  expect(firstCandle(null, moments, names)).toBe(0)
  expect(firstCandle(cursorAt(1), moments, names)).toBe(2)
  expect(firstCandle(cursorAt(2), moments, names)).toBe(3)
})

test('a run goes on when its file has grown', () => {
  expect(firstCandle(cursorAt(1), moments.slice(0, 2), names)).toBe(2)
  expect(firstCandle(cursorAt(1), moments, names)).toBe(2)
})

test('other data than the state was made from is refused', () => {
  const other = market(candleSeries([[1, 2], [2, 3.5], prices[2]]), tradingSettings())
  const message =
    /state x stands at candle 2 \(2000-01-02\), but was made from other data than c\.csv.*--fresh/
  expect(() => firstCandle(cursorAt(1), other, names)).toThrow(message)
})

test('fewer candles than were done already are refused', () => {
  const message = /stands at candle 3 .* but c\.csv has only 2/
  expect(() => firstCandle(cursorAt(2), moments.slice(0, 2), names)).toThrow(message)
})

test('a state that knows only its time goes on with the first candle after it', () => {
  const after = (date: string): number =>
    firstCandle({ timeMs: day(date), position: null }, moments, names)
  expect(after('1999-06-01')).toBe(0)
  expect(after('2000-01-01')).toBe(1)
  expect(after('2000-01-03')).toBe(3)
  expect(after('2020-01-01')).toBe(3)
})
