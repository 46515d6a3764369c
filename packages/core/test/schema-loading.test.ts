import { expect, test } from 'vitest'
import { z } from 'zod'
import { must } from './support/must.ts'
import { applyPatches } from '../src/apply-patches.ts'
import { bigintText, dateText } from '../src/codecs.ts'
import type { Json } from '../src/json.ts'
import { LiveDocument } from '../src/live-document.ts'
import { liveDocumentOf } from './support/live-document-of.ts'

const storedOf = (document: LiveDocument): unknown => JSON.parse(document.text(0))

/** What is stored once the patches that fill in are: it has to be what the document's text says. */
function filled(document: LiveDocument, stored: Json): Json {
  return applyPatches(structuredClone(stored), structuredClone([...document.filledIn]))
}

test.each<[string, z.ZodType, Json, Json]>([
  ['a default', z.object({ a: z.number().default(7) }), {}, { a: 7 }],
  [
    'a default below',
    z.object({ o: z.object({ a: z.number().default(7) }) }),
    { o: {} },
    { o: { a: 7 } },
  ],
  ['a default of a codec', z.object({ a: bigintText.default(7n) }), {}, { a: '7' }],
  [
    'a default object with codecs',
    z.object({ o: z.object({ a: bigintText }).default({ a: 7n }) }),
    {},
    { o: { a: '7' } },
  ],
  [
    'a default in a record',
    z.record(z.string(), z.object({ a: z.string().default('x') })),
    { k: {} },
    { k: { a: 'x' } },
  ],
  [
    'a default in an array',
    z.array(z.object({ a: z.string().default('x') })),
    [{}, { a: 'y' }],
    [{ a: 'x' }, { a: 'y' }],
  ],
  ['a default in a tuple', z.tuple([z.number(), z.string().default('x')]), [1], [1, 'x']],
  [
    'a default in a union',
    z.union([z.object({ a: z.number(), b: z.number().default(7) }), z.string()]),
    { a: 1 },
    { a: 1, b: 7 },
  ],
  [
    'a default in a union with a codec',
    z.union([z.object({ a: bigintText, b: z.number().default(7) }), z.string()]),
    { a: '1' },
    { a: '1', b: 7 },
  ],
  [
    'a coercion in a union with a codec',
    z.union([z.object({ a: bigintText, b: z.coerce.number() }), z.string()]),
    { a: '1', b: '7' },
    { a: '1', b: 7 },
  ],
  [
    'a default of one kind',
    z.discriminatedUnion('k', [z.object({ k: z.literal('a'), n: z.number().default(7) })]),
    { k: 'a' },
    { k: 'a', n: 7 },
  ],
  ['a prefault', z.object({ a: z.string().trim().prefault(' x ') }), {}, { a: 'x' }],
  ['a catch', z.object({ a: z.number().catch(7) }), { a: 'wrong' }, { a: 7 }],
  ['a catch of what is missing', z.object({ a: z.number().catch(7) }), {}, { a: 7 }],
  ['a trim', z.object({ a: z.string().trim() }), { a: ' x ' }, { a: 'x' }],
  ['a coercion', z.object({ a: z.coerce.number() }), { a: '7' }, { a: 7 }],
  [
    'a transform',
    z.object({ a: z.string().transform((text) => text.toUpperCase()) }),
    { a: 'x' },
    { a: 'X' },
  ],
  ['nothing', z.object({ a: z.number().optional() }), {}, {}],
])(
  '%s that reading fills in is told as patches for the next commit',
  (_what, schema, stored, expected) => {
    const document = new LiveDocument(schema)
    document.load(structuredClone(stored), 1)
    expect(storedOf(document)).toEqual(expected)
    expect(filled(document, stored)).toEqual(expected)
    document.markCommitted(2)
    expect(document.filledIn).toEqual([])
  },
)

test('a default that reading would fill in later is stored with the value that is put in', () => {
  const schema = z.object({
    o: z
      .object({ a: z.number().default(7), b: z.number() })
      .partial()
      .optional(),
  })
  const { change, value } = liveDocumentOf(schema, {})
  const { patches } = change((draft) => (draft.o = { b: 1 }))
  expect(patches).toEqual([{ op: 'add', path: '/o', value: { a: 7, b: 1 } }])
  expect(value).toEqual({ o: { a: 7, b: 1 } })
})

test('a follower that has only patches ends with the same document, defaults included', () => {
  const schema = z.object({
    a: z.number().default(7),
    list: z.array(z.object({ n: z.number().default(1) })),
  })
  const stored = { list: [{}] }
  const writer = liveDocumentOf(schema, stored)
  const { patches } = writer.change((draft) => draft.list.push({ n: 5 }))
  const follower = new LiveDocument(z.json())
  follower.load(structuredClone(stored), 1)
  follower.apply([...writer.document.filledIn, ...patches], 2)
  expect(follower.value).toEqual(writer.value)
})

test("another writer's patch that lacks a default gets it here, for the next commit", () => {
  const { document, value } = liveDocumentOf(
    z.record(z.string(), z.object({ a: z.number().default(7) })),
    {},
  )
  document.apply([{ op: 'add', path: '/k', value: {} }], 2)
  expect(value).toEqual({ k: { a: 7 } })
  expect(document.filledIn).toEqual([{ op: 'add', path: '/k/a', value: 7 }])
})

const known = z.object({
  n: z.number(),
  inner: z.object({ m: z.number(), at: dateText.optional() }),
})
const withMore = { n: 1, inner: { m: 1, new: [1] }, new: { deep: true } }

test('keys that a strip-mode schema does not know survive loading, an update and a rewrite', () => {
  const { change, document } = liveDocumentOf(known, withMore)
  expect(document.filledIn).toEqual([])
  expect(storedOf(document)).toEqual(withMore)
  const { patches } = change((draft) => {
    draft.inner.m = 2
  })
  expect(patches).toEqual([{ op: 'replace', path: '/inner/m', value: 2 }])
  expect(storedOf(document)).toEqual({ ...withMore, inner: { m: 2, new: [1] } })
  expect(document.stored()).toEqual(storedOf(document))
})

test('unknown keys survive where their object is written whole: sorting, moving, unions, tuples, tags', () => {
  const item = z.object({ n: z.number() })
  const schema = z.object({
    sorted: z.array(item),
    moved: z.record(z.string(), item),
    union: z.union([item, z.object({ s: z.string() })]),
    tuple: z.tuple([item, z.number()]),
    tagged: z.discriminatedUnion('k', [
      z.object({ k: z.literal('a') }),
      z.object({ k: z.literal('b') }),
    ]),
    and: z.intersection(item, z.object({ m: z.number() })),
  })
  const { change, document } = liveDocumentOf(schema, {
    sorted: [
      { n: 2, x: 'two' },
      { n: 1, x: 'one' },
    ],
    moved: { a: { n: 1, x: 1 } },
    union: { n: 1, x: 1 },
    tuple: [{ n: 1, x: 1 }, 1],
    tagged: { k: 'a', x: 1 },
    and: { n: 1, m: 1, x: 1 },
  })
  const { patches } = change((draft) => {
    draft.sorted.sort((a, b) => a.n - b.n)
    draft.moved['b'] = must(draft.moved['a'])
    delete draft.moved['a']
    draft.union = Object.assign(draft.union, { n: 2 })
    draft.tuple[1] = 2
    draft.tagged.k = 'b'
    draft.and.m = 2
  })
  const expected = {
    sorted: [
      { n: 1, x: 'one' },
      { n: 2, x: 'two' },
    ],
    moved: { b: { n: 1, x: 1 } },
    union: { n: 2, x: 1 },
    tuple: [{ n: 1, x: 1 }, 2],
    tagged: { k: 'b', x: 1 },
    and: { n: 1, m: 2, x: 1 },
  }
  expect(storedOf(document)).toEqual(expected)
  const follower = new LiveDocument(z.any())
  follower.load({ ...expected, moved: { a: { n: 1, x: 1 } } }, 1)
  follower.apply(patches, 2)
  expect(follower.value).toEqual(expected)
})

test("a key that another writer's patch adds, and this schema does not know, survives too", () => {
  const { change, document } = liveDocumentOf(z.array(z.object({ n: z.number() })), [
    { n: 1 },
    { n: 2 },
  ])
  document.apply([{ op: 'add', path: '/0/new', value: 'x' }], 2)
  change((draft) => {
    draft.sort((a, b) => b.n - a.n)
  })
  expect(storedOf(document)).toEqual([{ n: 2 }, { n: 1, new: 'x' }])
})

test('what replaces an object is what counts: its unknown keys go with the object', () => {
  const { change, document } = liveDocumentOf(known, withMore)
  change((draft) => {
    draft.inner = { m: 5 }
  })
  expect(storedOf(document)).toEqual({ ...withMore, inner: { m: 5 } })
})

test('a strict schema refuses a document with an unknown key, and tells which', () => {
  const schema = z.object({ inner: z.strictObject({ a: z.number() }) })
  expect(() => liveDocumentOf(schema, { inner: { a: 1, b: 2 } })).toThrow(
    expect.objectContaining({
      code: 'INVALID',
      issues: [{ path: '/inner', message: expect.stringContaining('"b"') }],
    }),
  )
})

test('a refused load leaves the document that was there', () => {
  const { document, value } = liveDocumentOf(z.object({ a: z.number() }), { a: 1 })
  expect(() => document.load({ a: 'x' }, 2)).toThrow(expect.objectContaining({ code: 'INVALID' }))
  expect([value, document.version]).toEqual([{ a: 1 }, 1])
})

test('readonly schemas do not freeze the live document, at load or after updates', () => {
  const free = z.any().readonly()
  const schema = z
    .object({
      list: z.array(z.number()).readonly(),
      free,
      record: z.record(z.string(), free),
      union: z.union([z.array(free), z.string()]),
    })
    .readonly()
  const stored = { list: [1], free: { a: [1] }, record: { k: { a: 1 } }, union: [{ a: 1 }] }
  const { change, value } = liveDocumentOf(schema, stored)
  for (let round = 0; round < 3; round++) {
    change((draft) => {
      must(draft.free.a).push(2)
      draft.free.b = {}
      draft.record['k'].b = round
      if (typeof draft.union === 'string') return
      draft.union[0].b = round
      draft.union.push({})
    })
  }
  expect(value).toEqual({
    list: [1],
    free: { a: [1, 2, 2, 2], b: {} },
    record: { k: { a: 1, b: 2 } },
    union: [{ a: 1, b: 2 }, {}, {}, {}],
  })
})

test('a check on a union does not let readonly freeze what stands beside it', () => {
  const schema = z
    .object({
      free: z.any().readonly(),
      big: bigintText,
      union: z.union([z.string(), z.number()]).refine(() => true),
    })
    .refine(() => true)
  const { change, value } = liveDocumentOf(schema, { free: [1], big: '1', union: 'x' })
  change((draft) => (draft.union = 5))
  change((draft) => draft.free.push(2))
  expect(value.free).toEqual([1, 2])
})

test('a document with a key named __proto__ is kept as data and sets no prototype', () => {
  const stored = JSON.parse('{"a":1,"__proto__":{"polluted":true}}') as Json
  const { document } = liveDocumentOf(z.object({ a: z.number() }), stored)
  expect(Object.getPrototypeOf(document.value)).toBe(Object.prototype)
  expect(document.text(0)).toBe('{"a":1,"__proto__":{"polluted":true}}')
})

test('an initial document is checked, copied, and has its codecs', () => {
  const schema = z.object({ at: dateText, list: z.array(z.number()).max(2) })
  const document = new LiveDocument(schema)
  const initial = { at: new Date(0), list: [1] }
  document.begin(initial)
  initial.list.push(2)
  initial.at.setTime(5)
  expect(document.value).toEqual({ at: new Date(0), list: [1] })
  expect([document.isStored, document.version]).toEqual([false, 0])
  for (const wrong of [{ at: new Date(0), list: [1, 2, 3] }, { list: [] }, null, undefined]) {
    expect(() => document.begin(wrong)).toThrow(expect.objectContaining({ code: 'INVALID' }))
  }
})
