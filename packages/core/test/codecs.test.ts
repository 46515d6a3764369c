import { expect, test } from 'vitest'
import { z } from 'zod'
import { bigintText, dateText, decimal } from '../src/codecs.ts'
import type { LiveDocument } from '../src/live-document.ts'
import { Decimal, decimalInstance } from './support/decimal.ts'
import { liveDocumentOf } from './support/live-document-of.ts'

const invalid = expect.objectContaining({ code: 'INVALID' })
const storedOf = (document: LiveDocument): unknown => JSON.parse(document.text(0))
const noon = '2026-01-01T12:00:00.000Z'

test('a value is decoded in memory and encoded in patches and text, leaf by leaf', () => {
  const schema = z.object({
    big: bigintText,
    at: dateText,
    money: decimalInstance,
    plain: z.number(),
  })
  const { change, value, document } = liveDocumentOf(schema, {
    big: '1',
    at: noon,
    money: '1.50',
    plain: 1,
  })
  expect(value).toEqual({ big: 1n, at: new Date(noon), money: Decimal.parse('1.50'), plain: 1 })
  const { patches } = change((draft) => {
    draft.big *= 2n ** 70n
    draft.money = draft.money.plus(Decimal.parse('0.25'))
  })
  expect(patches).toEqual([
    { op: 'replace', path: '/big', value: '1180591620717411303424' },
    { op: 'replace', path: '/money', value: '1.75' },
  ])
  expect(value.big).toBe(2n ** 70n)
  expect(value.money).toBeInstanceOf(Decimal)
  expect(storedOf(document)).toEqual({ big: String(2n ** 70n), at: noon, money: '1.75', plain: 1 })
})

test.each([
  ['record', z.record(z.string(), bigintText), { a: '1' }, { a: 1n }],
  ['array', z.array(dateText), [noon], [new Date(noon)]],
  ['optional', z.object({ a: bigintText.optional() }), { a: '1' }, { a: 1n }],
  ['missing optional', z.object({ a: bigintText.optional() }), {}, {}],
  [
    'nullable',
    z.object({ a: bigintText.nullable(), b: bigintText.nullable() }),
    { a: '1', b: null },
    { a: 1n, b: null },
  ],
  [
    'union',
    z.array(z.union([z.number(), bigintText, dateText])),
    [1, '1', noon],
    [1, 1n, new Date(noon)],
  ],
  ['tuple', z.tuple([bigintText, dateText]), ['1', noon], [1n, new Date(noon)]],
  ['default', z.object({ a: bigintText.default(7n) }), { a: '1' }, { a: 1n }],
  ['readonly', z.object({ a: dateText.readonly() }), { a: noon }, { a: new Date(noon) }],
  ['lazy', z.object({ a: z.lazy(() => bigintText) }), { a: '1' }, { a: 1n }],
  [
    'intersection',
    z.intersection(z.object({ a: bigintText }), z.object({ b: bigintText })),
    { a: '1', b: '2' },
    { a: 1n, b: 2n },
  ],
])('a codec within %s is read and written back', (_where, schema, stored, live) => {
  const { document } = liveDocumentOf(schema, stored)
  expect(document.value).toStrictEqual(live)
  expect(storedOf(document)).toEqual(stored)
  const { patches } = document.replace(document.value)
  expect(patches).toEqual([{ op: 'replace', path: '', value: stored }])
  expect(document.value).toStrictEqual(live)
})

test('a document that is one encoded leaf is read, replaced and written back', () => {
  const { document } = liveDocumentOf(bigintText, '1')
  expect(document.replace(2n).patches).toEqual([{ op: 'replace', path: '', value: '2' }])
  expect([document.value, document.text(0)]).toEqual([2n, '"2"'])
  expect(() => document.replace(2)).toThrow(invalid)
})

test('a Date that is put into a draft is copied: changing it afterwards changes nothing', () => {
  const { change, value } = liveDocumentOf(z.record(z.string(), dateText), {})
  const mine = new Date(noon)
  change((draft) => {
    draft['a'] = mine
    draft['b'] = mine
  })
  mine.setTime(0)
  expect(value).toEqual({ a: new Date(noon), b: new Date(noon) })
  expect(value['a']).not.toBe(value['b'])
})

test('a Date that a recipe changes in place is recorded, and one that it reads is not', () => {
  const { change, value } = liveDocumentOf(z.object({ at: dateText, list: z.array(dateText) }), {
    at: noon,
    list: [noon, noon],
  })
  expect(change((draft) => [draft.at.getTime(), draft.list.map(Number)]).patches).toEqual([])
  const { patches } = change((draft) => {
    draft.at.setUTCHours(13)
    draft.list[1]?.setUTCHours(14)
  })
  expect(patches).toEqual([
    { op: 'replace', path: '/at', value: '2026-01-01T13:00:00.000Z' },
    { op: 'replace', path: '/list/1', value: '2026-01-01T14:00:00.000Z' },
  ])
  expect(value.list).toEqual([new Date(noon), new Date('2026-01-01T14:00:00.000Z')])
})

test('a Date that a refused recipe changed in place is what it was', () => {
  const { change, value } = liveDocumentOf(z.object({ at: dateText }), { at: noon })
  const broken = (draft: { at: Date }): void => {
    draft.at.setTime(0)
    throw new Error('no')
  }
  expect(() => change(broken)).toThrow('no')
  expect(() => change((draft) => draft.at.setTime(Number.NaN))).toThrow(invalid)
  expect(value).toEqual({ at: new Date(noon) })
})

test('a Date beyond the years that ISO 8601 writes with four digits is refused', () => {
  const { change } = liveDocumentOf(z.object({ at: dateText }), { at: noon })
  expect(() => change((draft) => (draft.at = new Date(8.64e15)))).toThrow(/\/at/)
})

test('a codec that throws or tells an issue refuses the update at its path and changes nothing', () => {
  const picky = z.codec(z.string(), z.number(), {
    decode: Number,
    encode: (value, context) => {
      if (value === 1) throw new RangeError('one is one too many')
      if (value === 2)
        context.issues.push({ code: 'custom', message: 'two is too many', input: value })
      return String(value)
    },
  })
  const { change, value } = liveDocumentOf(z.object({ a: z.array(picky) }), { a: ['0'] })
  for (const [wrong, message] of [
    [1, 'one is one too many'],
    [2, 'two is too many'],
  ] as const) {
    const refused = expect.objectContaining({
      code: 'INVALID',
      message: expect.stringContaining(message),
      issues: [expect.objectContaining({ path: '/a/1' })],
    })
    expect(() => change((draft) => draft.a.push(wrong))).toThrow(refused)
  }
  expect(value).toEqual({ a: [0] })
  expect(change((draft) => draft.a.push(3)).patches).toHaveLength(1)
})

test('a codec whose decoding throws makes the document unreadable, in words', () => {
  const strict = z.codec(z.string(), z.bigint(), { decode: (text) => BigInt(text), encode: String })
  expect(() => liveDocumentOf(z.object({ a: strict }), { a: 'x' })).toThrow(
    expect.objectContaining({
      code: 'INVALID',
      message: expect.stringContaining('Cannot convert x'),
    }),
  )
})

const mapText = z.codec(z.array(z.tuple([z.string(), bigintText])), z.map(z.string(), z.bigint()), {
  decode: (pairs) => new Map(pairs),
  encode: (map) => [...map],
})

test('a codec for a whole object is written whole: a Map from an array of pairs', () => {
  const schema = z.object({ prices: mapText })
  const { change, value, document } = liveDocumentOf(schema, { prices: [['a', '1']] })
  expect(value.prices).toEqual(new Map([['a', 1n]]))
  expect(change((draft) => draft.prices.get('a')).patches).toEqual([])
  const { patches } = change((draft) => draft.prices.set('b', 2n))
  expect(patches).toEqual([
    {
      op: 'replace',
      path: '/prices',
      value: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
  ])
  expect(storedOf(document)).toEqual({
    prices: [
      ['a', '1'],
      ['b', '2'],
    ],
  })
  const mine = new Map([['c', 3n]])
  change((draft) => (draft.prices = mine))
  mine.clear()
  expect(value.prices).toEqual(new Map([['c', 3n]]))
})

test('what a Map holds is of its own class still, when the Map was read, changed, or put in', () => {
  const pricesText = z.codec(
    z.array(z.tuple([z.string(), decimalInstance])),
    z.map(z.string(), z.instanceof(Decimal)),
    { decode: (pairs) => new Map(pairs), encode: (map) => [...map] },
  )
  const schema = z.object({ prices: pricesText, n: z.number() })
  const stored = { prices: [['a', '1.50']], n: 0 }
  const { change, value } = liveDocumentOf(schema, stored)
  const read = change((draft) => {
    draft.n = draft.prices.size
  })
  expect(read.patches).toEqual([{ op: 'replace', path: '/n', value: 1 }])
  change((draft) => draft.prices.set('b', Decimal.parse('2.00')))
  expect(value.prices.get('a')).toBeInstanceOf(Decimal)
  change((draft) => {
    draft.prices = new Map([['c', Decimal.parse('3.00')]])
  })
  expect([...value.prices].map(([name, price]) => `${name} ${price.text}`)).toEqual(['c 3.00'])
})

test('a follower reads by patches what is stored by a codec for a whole object', () => {
  const follower = liveDocumentOf(z.object({ prices: mapText }), { prices: [['a', '1']] })
  follower.document.apply([{ op: 'add', path: '/prices/-', value: ['b', '2'] }], 2)
  follower.document.apply([{ op: 'replace', path: '/prices/0/1', value: '7' }], 3)
  expect(follower.value.prices).toEqual(
    new Map([
      ['a', 7n],
      ['b', 2n],
    ]),
  )
})

test('what has no codec is refused with its path: bigint, Date, Map and classes are not JSON', () => {
  const { change } = liveDocumentOf(z.object({ free: z.unknown(), list: z.array(z.any()) }), {
    free: 1,
    list: [],
  })
  for (const leaf of [
    1n,
    new Date(),
    new Map(),
    new Set(),
    new Decimal(1n),
    Number.NaN,
    Infinity,
    -0,
  ]) {
    expect(() => change((draft) => (draft.free = { deep: [leaf] }))).toThrow(
      /\/free\/deep\/0: .*JSON|-0/,
    )
    expect(() => change((draft) => draft.list.push(leaf))).toThrow(/\/list\/0: .*JSON|-0/)
  }
})

test.each([
  ['0', true],
  ['12.5', true],
  ['-0.01', true],
  ['100', true],
  ['', false],
  ['-0', false],
  ['01', false],
  ['1.50', false],
  ['1.', false],
  ['.5', false],
  ['+1', false],
  ['1e3', false],
  ['NaN', false],
])('%j as a decimal is accepted: %s', (text, isAccepted) => {
  expect(decimal.safeParse(text).success).toBe(isAccepted)
})

test.each([
  ['0', 0n],
  ['-12', -12n],
  [`1${'0'.repeat(40)}`, 10n ** 40n],
  ['', undefined],
  ['-0', undefined],
  ['01', undefined],
  ['1.0', undefined],
  ['0x10', undefined],
  [' 1', undefined],
])('%j as a bigint is %s', (text, expected) => {
  const result = bigintText.safeParse(text)
  expect(result.success ? result.data : undefined).toBe(expected)
})

test.each([
  noon,
  '1969-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
])('%s comes back as the same text', (text) => {
  expect(z.encode(dateText, dateText.parse(text))).toBe(text)
})

test.each([
  '2026-01-01',
  '2026-01-01T12:00:00Z',
  '2026-01-01T12:00:00.000+01:00',
  '2026-02-30T12:00:00.000Z',
  'now',
])('%s is no date in the one form that is written', (text) => {
  expect(dateText.safeParse(text).success).toBe(false)
})
