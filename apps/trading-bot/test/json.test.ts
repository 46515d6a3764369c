import { expect, test } from 'vitest'
import { checkCandles } from '../src/candles/check-candles.ts'
import { parseJson } from '../src/candles/json.ts'

function read(text: string): string[][] {
  const candles = checkCandles(parseJson(text, 'c.json'), 'c.json')
  return candles.map(({ timeMs, ...prices }) => [
    new Date(timeMs).toISOString(),
    ...Object.values(prices).map((value) => value.toFixed()),
  ])
}

const candle = ['2020-04-17T00:00:00.000Z', '10.5', '12', '9', '11', '500']

test('rows of numbers are candles', () => {
  expect(read('[[1587081600000, 10.5, 12, 9, 11, 500]]')).toEqual([candle])
})

test('numbers may be strings and what follows the volume is ignored', () => {
  expect(read('[["1587081600000", "10.50", "12", "9.0", "11", "500", "x", null]]')).toEqual([
    candle,
  ])
})

test('a number too small for plain writing is read exactly', () => {
  expect(read('[[0, 1e-7, 1.5e-7, 1e-7, 1e-7, 0]]')[0]).toContain('0.00000015')
})

test.each([
  ['text cut off', '[[1587081600000, 10', /c\.json: not readable as JSON: .*cut off/],
  ['an object', '{"a": 1}', /c\.json: not an array of rows\. .*\[timeMs, open/],
  ['a number', '5', /not an array of rows/],
  ['no rows', '[]', /there are no candles in it/],
  ['a row that is an object', '[{"open": 1}]', /row 1: not an array/],
  ['a short row', '[[0, 1, 2, 1, 1, 5], [1, 1, 2]]', /row 2: 3 values instead of 6/],
  ['a null price', '[[0, 1, 2, 1, null, 5]]', /row 1: close is null, not a price above 0/],
  ['a price in an array', '[[0, [1], 2, 1, 1, 5]]', /row 1: open is \[1\]/],
  ['a boolean price', '[[0, true, 2, 1, 1, 5]]', /row 1: open is true/],
  ['a fractional time', '[[0.5, 1, 2, 1, 1, 5]]', /row 1: timeMs is 0\.5, not a date/],
  ['a time beyond dates', '[[9e15, 1, 2, 1, 1, 5]]', /row 1: timeMs is 9000000000000000/],
  [
    'times out of order',
    '[[5, 1, 2, 1, 1, 5], [4, 1, 2, 1, 1, 5]]',
    /row 2: timeMs .* comes after/,
  ],
])('%s is one error that names file, row and remedy', (_, text, message) => {
  expect(() => read(text)).toThrow(message)
  expect(() => read(text)).toThrow(/^c\.json.*\. [A-Z][^.]*\.$/)
})
