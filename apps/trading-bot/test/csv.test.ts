import { expect, test } from 'vitest'
import { checkCandles } from '../src/candles/check-candles.ts'
import { parseCsv } from '../src/candles/csv.ts'

const header = 'date,open,high,low,close,volume'
const row = '2020-04-17,10,12,9,11,500'

function read(...lines: string[]): Record<string, string | number>[] {
  const candles = checkCandles(parseCsv(lines.join('\n'), 'c.csv'), 'c.csv')
  return candles.map(({ timeMs, ...prices }) => ({
    date: new Date(timeMs).toISOString(),
    ...Object.fromEntries(Object.entries(prices).map(([key, value]) => [key, value.toFixed()])),
  }))
}

const candle = {
  date: '2020-04-17T00:00:00.000Z',
  open: '10',
  high: '12',
  low: '9',
  close: '11',
  volume: '500',
}

test('columns are found by name, in any order and case, others are ignored', () => {
  expect(read(header, row)).toEqual([candle])
  expect(read('Volume,CLOSE,Low,note,high,Open, date', '500,11,9,x,12,10,2020-04-17')).toEqual([
    candle,
  ])
})

test('quotes, CRLF, a byte order mark, blank lines and spaces make no difference', () => {
  expect(
    read(`\uFEFF"date",open,high,low,close,volume\r`, `"2020-04-17", 10,12,9,11,"500"\r`, '\r'),
  ).toEqual([candle])
})

test('prices are taken digit for digit', () => {
  const [read1] = read(header, '2020-04-17,1469.250000,1469.25,0.1,1.0000000000000000001,1e3')
  expect(read1).toMatchObject({ open: '1469.25', close: '1.0000000000000000001', volume: '1000' })
})

test.each([
  ['2020-04-17', '2020-04-17T00:00:00.000Z'],
  ['2020-04-17 10:30', '2020-04-17T10:30:00.000Z'],
  ['2020-04-17T10:30:00', '2020-04-17T10:30:00.000Z'],
  ['2020-04-17T10:30:00+02:00', '2020-04-17T08:30:00.000Z'],
  ['2020-04-17 10:30:00Z', '2020-04-17T10:30:00.000Z'],
  ['1587081600000', '2020-04-17T00:00:00.000Z'],
  ['2020-02-29', '2020-02-29T00:00:00.000Z'],
])('date %s is %s wherever the bot runs', (date, time) => {
  expect(read(header, `${date},10,12,9,11,500`)[0]?.['date']).toBe(time)
})

test.each([
  [
    'a header without a column',
    ['date,open,high,low,volume', '2020-04-17,1,2,1,5'],
    /line 1: the header has no column close\. .*date,open,high,low,close,volume/,
  ],
  ['several missing columns', ['time,open', 'x'], /no column date, high, low, close, volume/],
  ['a column twice', [`${header},Close`, `${row},11`], /line 1: the header has column close twice/],
  ['no header', ['2020-04-17,10,12,9,11,500'], /line 1: the header has no column/],
  ['no rows', [header], /there are no candles in it/],
  [
    'a NaN price',
    [header, row, '2020-04-18,10,12,9,NaN,500'],
    /line 3: close is "NaN", not a price above 0/,
  ],
  ['an empty price', [header, '2020-04-17,,12,9,11,500'], /line 2: open is empty, not a price/],
  [
    'a negative price',
    [header, '2020-04-17,10,12,-9,11,500'],
    /line 2: low is "-9", not a price above 0/,
  ],
  [
    'a price of zero',
    [header, '2020-04-17,10,12,9,0.00,500'],
    /line 2: close is "0\.00", not a price/,
  ],
  ['an infinite price', [header, '2020-04-17,10,Infinity,9,11,500'], /line 2: high is "Infinity"/],
  ['a monstrous price', [header, '2020-04-17,10,1e99,9,11,500'], /line 2: high is "1e99"/],
  ['a hexadecimal price', [header, '2020-04-17,0x10,12,9,11,500'], /line 2: open is "0x10"/],
  ['a decimal comma', [header, '2020-04-17,"10,5",12,9,11,500'], /line 2: open is "10,5"/],
  [
    'a negative volume',
    [header, '2020-04-17,10,12,9,11,-1'],
    /line 2: volume is "-1", not a number of 0/,
  ],
  ['high below low', [header, '2020-04-17,10,8,9,11,500'], /line 2: high is 8, below low \(9\)/],
  [
    'a day that does not exist',
    [header, '2019-02-29,10,12,9,11,500'],
    /line 2: date is "2019-02-29"/,
  ],
  [
    'a date in another order',
    [header, '17.04.2020,10,12,9,11,500'],
    /line 2: date is "17\.04\.2020"/,
  ],
  ['an empty date', [header, ',10,12,9,11,500'], /line 2: date is empty/],
  ['the same date twice', [header, row, row], /line 3: date 2020-04-17 stands there twice/],
  [
    'dates out of order',
    [header, row, '2020-04-16,10,12,9,11,500'],
    /line 3: date 2020-04-16 comes after 2020-04-17/,
  ],
  ['a row cut off', [header, row, '2020-04-18,10,1'], /line 3: not readable as CSV/],
  ['an open quote', [header, '"2020-04-17,10,12,9,11,500'], /not readable as CSV/],
  ['a quote within a field', [header, '2020-04-17,1"0,12,9,11,500'], /line 2: not readable as CSV/],
  [
    'semicolons',
    ['date;open;high;low;close;volume', '2020-04-17;10;12;9;11;500'],
    /no column date/,
  ],
])('%s is one error that names file, line and remedy', (_, lines, message) => {
  expect(() => read(...lines)).toThrow(message)
  expect(() => read(...lines)).toThrow(
    /^c\.csv\b.*: .*\. (Correct|Give|Keep|Sort|The first line).*\.$/,
  )
})
