import { expect, test } from 'vitest'
import { decodeFileName, encodeFileName } from '../src/file-name.ts'

test.each([
  ['trading', 'trading.json'],
  ['.trading_state', '.trading_state.json'],
  ['Größe 状態 🦀', 'Größe 状態 🦀.json'],
  ['BTC/USDT', 'BTC%2FUSDT.json'],
  ['..', '.%2E.json'],
  ['a\\b:c*d?e"f<g>h|i%j', 'a%5Cb%3Ac%2Ad%3Fe%22f%3Cg%3Eh%7Ci%25j.json'],
  ['line\nend\u0000\u007f\u0085', 'line%0Aend%00%7F%C2%85.json'],
  ['trailing ', 'trailing%20.json'],
  ['CON', '%43ON.json'],
  ['com1.txt', '%63om1.txt.json'],
  ['concert', 'concert.json'],
  ['\u202etxt', '%E2%80%AEtxt.json'],
])('item 25: the name %j is kept as %j, and read back from it', (name, file) => {
  expect(encodeFileName(name)).toBe(file)
  expect(decodeFileName(file)).toBe(name)
})

test.each([
  'no-extension',
  '.json',
  'a%2fb.json', // lower case: encodeFileName writes %2F
  'a%41.json', // "A" needs no encoding
  '%.json',
  '%FF.json',
  'CON.json',
  'a?b.json',
])('the file %j belongs to no state', (file) => {
  expect(decodeFileName(file)).toBeNull()
})

test.each([
  ['', /empty/],
  ['\ud800', /surrogate/],
  ['é'.repeat(120), /245 bytes/],
])('item 25: the name %j is refused, and never becomes another one', (name, reason) => {
  expect(() => encodeFileName(name)).toThrow(
    expect.objectContaining({
      code: 'INVALID',
      state: name,
      message: expect.stringMatching(reason),
    }),
  )
})

test('item 25: every file that belongs to the longest name is at most 255 bytes long', () => {
  const longest = encodeFileName('x'.repeat(194))
  expect(() => encodeFileName('x'.repeat(195))).toThrow(/200 bytes, and 199 is the most/)
  const suffixes = [
    '.corrupt-20261122T100000Z-5f3a9c00',
    '.9999',
    '.lock.12345678.12345678.12345678',
  ]
  for (const suffix of suffixes) expect(`.${longest}${suffix}`.length).toBeLessThanOrEqual(255)
})
