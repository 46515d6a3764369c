import { expect, test } from 'vitest'
import { z } from 'zod'
import { must } from './support/must.ts'
import { bigintText } from '../src/codecs.ts'
import { LiveDocument } from '../src/live-document.ts'
import { liveDocumentOf } from './support/live-document-of.ts'

const invalid = expect.objectContaining({ code: 'INVALID' })
const kinds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('a'), n: bigintText }),
  z.object({ kind: z.literal('b'), s: z.string().optional() }),
])

test('a union whose tag changes is written whole, without what the new option does not have', () => {
  const { change, value, document } = liveDocumentOf(z.object({ u: kinds }), {
    u: { kind: 'a', n: '5' },
  })
  const { patches } = change((draft) => {
    draft.u.kind = 'b'
  })
  expect(patches).toEqual([{ op: 'replace', path: '/u', value: { kind: 'b' } }])
  expect(value).toEqual({ u: { kind: 'b' } })
  expect(document.text(0)).toBe('{"u":{"kind":"b"}}')
})

test('a union whose tag changes is refused where the new option needs more', () => {
  const { change, value } = liveDocumentOf(z.object({ u: kinds }), { u: { kind: 'b' } })
  expect(() => change((draft) => (draft.u.kind = 'a'))).toThrow(invalid)
  expect(value).toEqual({ u: { kind: 'b' } })
})

test('a follower decodes by the new tag, whatever the order in which a recipe set the members', () => {
  const { change, value } = liveDocumentOf(z.object({ u: kinds }), { u: { kind: 'b' } })
  const follower = liveDocumentOf(z.object({ u: kinds }), { u: { kind: 'b' } })
  const { patches } = change((draft) => {
    Object.assign(draft.u, { n: 5n })
    draft.u.kind = 'a'
  })
  follower.document.apply(patches, 2)
  expect(follower.value).toEqual(value)
  expect(follower.value).toEqual({ u: { kind: 'a', n: 5n } })
})

test('a discriminated union within another is seen through, with its tag and its checks', () => {
  const inner = z.discriminatedUnion('size', [
    z
      .object({ kind: z.literal('x'), size: z.literal('s'), n: z.number() })
      .refine(({ n }) => n < 10),
    z.object({ kind: z.literal('x'), size: z.literal('l'), far: z.boolean() }),
  ])
  const schema = z.discriminatedUnion('kind', [inner, z.object({ kind: z.literal('y') })])
  const { change, value } = liveDocumentOf(schema, { kind: 'x', size: 's', n: 1 })
  const set = (n: number) => change((draft) => 'n' in draft && (draft.n = n))
  expect(set(5).patches).toEqual([{ op: 'replace', path: '/n', value: 5 }])
  expect(() => set(50)).toThrow(invalid)
  expect(() => change((draft) => 'size' in draft && (draft.size = 'l'))).toThrow(invalid)
  expect(value).toEqual({ kind: 'x', size: 's', n: 5 })
})

test('a tuple is written whole, so that each element has the form of the place it ends at', () => {
  const seconds = z.codec(z.number(), z.date(), {
    decode: (at) => new Date(at * 1000),
    encode: (date) => date.getTime() / 1000,
  })
  const millis = z.codec(z.number(), z.date(), {
    decode: (at) => new Date(at),
    encode: (date) => date.getTime(),
  })
  const { change } = liveDocumentOf(z.object({ t: z.tuple([seconds, millis]) }), { t: [1, 2000] })
  const { patches } = change((draft) => {
    const [first, second] = draft.t
    draft.t = [second, first]
  })
  expect(patches).toEqual([{ op: 'replace', path: '/t', value: [2, 1000] }])
  const spliced = change((draft) => draft.t.splice(0, 2, new Date(5000), new Date(7000)))
  expect(spliced.patches).toEqual([{ op: 'replace', path: '/t', value: [5, 7000] }])
})

test('what changed below a place that is written whole is told once', () => {
  const schema = z.tuple([z.array(z.number()), z.tuple([z.number(), kinds])])
  const { change, document } = liveDocumentOf(schema, [[], [0, { kind: 'b' }]])
  const { patches } = change((draft) => {
    draft[0].push(1)
    draft[1][0] = 1
    draft[1][1] = { kind: 'a', n: 5n }
    draft[1] = [2, draft[1][1]]
  })
  expect(patches).toEqual([{ op: 'replace', path: '', value: [[1], [2, { kind: 'a', n: '5' }]] }])
  const inner = change((draft) => {
    draft[1][0] = 3
    Object.assign(draft[1][1], { kind: 'b' })
  })
  expect(inner.patches).toEqual([{ op: 'replace', path: '/1', value: [3, { kind: 'b' }] }])
  expect(document.text(0)).toBe('[[1],[3,{"kind":"b"}]]')
})

test('a record whose keys its schema changes is written whole, under the changed keys', () => {
  const { change, document } = liveDocumentOf(z.record(z.string().toLowerCase(), z.number()), {
    a: 1,
  })
  const { patches } = change((draft) => (draft['B'] = 2))
  expect(patches).toEqual([{ op: 'replace', path: '', value: { a: 1, b: 2 } }])
  expect(document.value).toEqual({ a: 1, b: 2 })
})

test('a key that only a catchall speaks of can be deleted', () => {
  const { change, value } = liveDocumentOf(z.object({ a: z.number() }).catchall(z.number()), {
    a: 1,
    b: 2,
  })
  expect(change((draft) => delete draft['b']).patches).toEqual([{ op: 'remove', path: '/b' }])
  expect(() => change((draft) => delete (draft as { a?: number }).a)).toThrow(invalid)
  expect(value).toEqual({ a: 1 })
})

test('a refused update that adds a key beside a deleted one leaves no trace of the new key', () => {
  const { change, value } = liveDocumentOf(z.partialRecord(z.enum(['a', 'b']), z.number()), {
    a: 1,
  })
  const recipe = (draft: Record<string, unknown>): void => {
    delete draft['a']
    draft['b'] = 'wrong'
  }
  expect(() => change(recipe)).toThrow(invalid)
  expect(Object.entries(value)).toEqual([['a', 1]])
})

test('a check on a union refuses an update, although zod does not refuse to encode it', () => {
  const few = z.union([z.number(), bigintText]).refine((value) => value < 10, 'too large')
  const schema = z.object({ few, kinds: kinds.refine((value) => !('n' in value), 'no a') })
  expect(z.safeEncode(few, 50).success).toBe(true)
  const { change } = liveDocumentOf(schema, { few: 1, kinds: { kind: 'b' } })
  expect(() => change((draft) => (draft.few = 50))).toThrow(/\/few: too large/)
  expect(() => change((draft) => (draft.few = 50n))).toThrow(/\/few: too large/)
  expect(() => change((draft) => (draft.kinds = { kind: 'a', n: 1n }))).toThrow(/\/kinds: no a/)
})

test.each([z.number(), bigintText])(
  'a check in a recursive schema below another check refuses, although zod does not refuse to encode',
  (member) => {
    const node: z.ZodType<Tree> = z.object({
      name: z.string().refine((name) => name !== 'bad', 'bad name'),
      value: z.any().optional(),
      get children() {
        return z.array(node).max(3)
      },
    })
    const schema = z.object({ member, tree: node, list: z.array(node).max(3) })
    const leaf = (name: string): Tree => ({ name, children: [] })
    const value = { member: 1, tree: leaf('x'), list: [{ name: 'x', children: [leaf('bad')] }] }
    expect(z.safeEncode(z.object({ list: z.array(node).max(3) }), value).success).toBe(true)
    const stored = { member: member === bigintText ? '1' : 1, tree: leaf('x'), list: [leaf('x')] }
    const { change } = liveDocumentOf(schema, structuredClone(stored) as never)
    expect(() => change((draft) => must(draft.list[0]).children.push(leaf('bad')))).toThrow(
      /bad name/,
    )
    expect(() => change((draft) => (draft.list = value.list))).toThrow(/bad name/)
    expect(() => change((draft) => (must(draft.list[0]).name = 'bad'))).toThrow(/bad name/)
  },
)

interface Tree {
  name: string
  value?: unknown
  children: Tree[]
}

test('so it is with a check on the recursive schema itself, among codecs and far below another', () => {
  const node: z.ZodType<Sized> = z
    .object({
      size: bigintText,
      limit: z.number(),
      get children() {
        return z.array(node).max(3)
      },
    })
    .refine(({ size, limit }) => size <= limit, 'over the limit')
  const stored = { size: '1', limit: 5, children: [{ size: '1', limit: 5, children: [] }] }
  const { change, value } = liveDocumentOf(z.object({ list: z.array(node).max(3) }), {
    list: [stored],
  })
  const set = (size: bigint) => change((draft) => (must(draft.list[0]?.children[0]).size = size))
  expect(set(4n).patches).toHaveLength(1)
  expect(() => set(50n)).toThrow(/over the limit/)
  expect(value.list[0]?.children[0]?.size).toBe(4n)
})

interface Sized {
  size: bigint
  limit: number
  children: Sized[]
}

test('an overwrite on a wrapper changes what is written, as one on the schema itself does', () => {
  const sorted = z
    .array(z.number())
    .optional()
    .overwrite((list) => list?.toSorted((a, b) => a - b))
  const { change, value } = liveDocumentOf(z.object({ sorted }), { sorted: [1, 5] })
  expect(change((draft) => draft.sorted?.push(3)).patches).toEqual([
    { op: 'replace', path: '/sorted', value: [1, 3, 5] },
  ])
  expect(value).toEqual({ sorted: [1, 3, 5] })
})

test('elements that are coerced become what is stored, NaN and equal ones included', () => {
  const stored = ['5', '6', '7', '8', '9', '10']
  const { change, value } = liveDocumentOf(z.array(z.coerce.string()), stored)
  const { patches } = change((draft: unknown[]) => draft.push(Number.NaN, 5, 5))
  expect(patches.map((patch) => 'value' in patch && patch.value)).toEqual(['NaN', '5', '5'])
  expect(value).toEqual([...stored, 'NaN', '5', '5'])
})

test('an unknown key is refused where a recipe sets it, and dropped where it comes with a value', () => {
  const { change, value } = liveDocumentOf(z.object({ a: z.object({ n: z.number() }) }), {
    a: { n: 1 },
  })
  expect(() => change((draft) => Object.assign(draft.a, { extra: 1 }))).toThrow(
    /\/a\/extra: the schema does not know this key/,
  )
  const fromOutside = { n: 2, extra: 1 }
  change((draft) => {
    draft.a = fromOutside
  })
  expect(value).toEqual({ a: { n: 2 } })
})

test('an instance of a class that the schema takes for a plain object is refused', () => {
  class Point {
    readonly n: number = 1
  }
  const { change } = liveDocumentOf(z.object({ a: z.object({ n: z.number() }) }), { a: { n: 1 } })
  expect(() => change((draft) => (draft.a = new Point()))).toThrow(/\/a: an instance of a class/)
})

test('an asynchronous check is refused in words, not waited for', () => {
  const { change } = liveDocumentOf(z.object({ a: z.number() }), { a: 1 })
  expect(change((draft) => (draft.a = 2)).patches).toHaveLength(1)
  const schema = z.object({ a: z.number().refine(async () => true) })
  expect(() => liveDocumentOf(schema, { a: 1 })).toThrow(/asynchronous check/)
})

test('a schema without end is an error, not a hang', () => {
  const endless = (): z.ZodType => z.object({ next: z.lazy(endless).optional() })
  expect(() => new LiveDocument(endless())).toThrow(expect.objectContaining({ code: 'CONFIG' }))
})

test('one-way transforms beside codecs are refused, since nothing could be written back', () => {
  const schema = z.object({ a: bigintText, b: z.string().transform((text) => text.length) })
  expect(() => new LiveDocument(schema)).toThrow(/make the transforms codecs/)
})

test('a transform that gives something else at each reading is refused at the first update', () => {
  const { change } = liveDocumentOf(z.object({ a: z.string().transform((text) => `${text}!`) }), {
    a: 'x',
  })
  expect(() => change((draft) => (draft.a = 'y'))).toThrow(/make it a codec/)
})
