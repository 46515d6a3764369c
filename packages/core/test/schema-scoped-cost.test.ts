import { expect, test } from 'vitest'
import { z } from 'zod'
import { must } from './support/must.ts'
import { liveDocumentOf } from './support/live-document-of.ts'

/** A refinement that always holds, and counts how often it is asked. */
function counter(): { readonly check: () => boolean; readonly take: () => number } {
  let count = 0
  return {
    check: () => {
      count++
      return true
    },
    take: () => {
      const taken = count
      count = 0
      return taken
    },
  }
}

test('an update visits what it touched and none of its siblings, in every kind of place', () => {
  const { check, take } = counter()
  const leaf = z.object({ n: z.number().refine(check), m: z.number().refine(check) })
  const { change } = liveDocumentOf(
    z.object({
      object: leaf,
      record: z.record(z.string(), leaf),
      array: z.array(leaf),
      union: z.discriminatedUnion('kind', [
        leaf.extend({ kind: z.literal('a') }),
        z.object({ kind: z.literal('b') }),
      ]),
      optional: leaf.optional(),
      lazy: z.lazy(() => leaf),
      readonly: leaf.nullable().readonly(),
    }),
    {
      object: { n: 1, m: 1 },
      record: { a: { n: 1, m: 1 }, b: { n: 1, m: 1 } },
      array: [
        { n: 1, m: 1 },
        { n: 1, m: 1 },
      ],
      union: { kind: 'a', n: 1, m: 1 },
      optional: { n: 1, m: 1 },
      lazy: { n: 1, m: 1 },
      readonly: { n: 1, m: 1 },
    },
  )
  take()
  for (const touch of [
    (draft) => (draft.object.n = 2),
    (draft) => (must(draft.record['a']).n = 2),
    (draft) => (must(draft.array[1]).n = 2),
    (draft) => (draft.union.kind === 'a' ? (draft.union.n = 2) : 0),
    (draft) => (must(draft.optional).n = 2),
    (draft) => (draft.lazy.n = 2),
    (draft) => ((draft.readonly as { n: number }).n = 2),
  ] satisfies Parameters<typeof change>[0][]) {
    expect(change(touch).patches).toHaveLength(1)
    expect(take()).toBe(1)
  }
})

test('a codec runs for the leaves that an update touched and for no other', () => {
  const encoded: number[] = []
  const counted = z.codec(z.string(), z.number(), {
    decode: Number,
    encode: (value) => {
      encoded.push(value)
      return String(value)
    },
  })
  const { change } = liveDocumentOf(z.record(z.string(), z.object({ x: counted, y: counted })), {
    a: { x: '1', y: '2' },
    b: { x: '3', y: '4' },
  })
  change((draft) => {
    must(draft['a']).x = 10
  })
  expect(encoded).toEqual([10])
})

test('a check runs exactly when something below it changes', () => {
  const [root, inner, element, other] = [counter(), counter(), counter(), counter()]
  const { change } = liveDocumentOf(
    z
      .object({
        inner: z
          .object({ list: z.array(z.object({ n: z.number() }).refine(element.check)) })
          .refine(inner.check),
        other: z.object({ n: z.number() }).refine(other.check),
        free: z.number(),
      })
      .refine(root.check),
    { inner: { list: [{ n: 1 }, { n: 2 }] }, other: { n: 1 }, free: 0 },
  )
  const asked = (recipe: Parameters<typeof change>[0]): number[] => {
    for (const each of [root, inner, element, other]) each.take()
    change(recipe)
    return [root, inner, element, other].map((each) => each.take())
  }
  expect(asked((draft) => (draft.free = 1))).toEqual([1, 0, 0, 0])
  expect(asked((draft) => (must(draft.inner.list[1]).n = 5))).toEqual([1, 1, 1, 0])
  expect(asked((draft) => (draft.other.n = 5))).toEqual([1, 0, 0, 1])
  expect(asked(() => {})).toEqual([0, 0, 0, 0])
  expect(asked((draft) => must(draft.inner.list[0]).n)).toEqual([0, 0, 0, 0])
})

test('a check that stands beside a change, and not above it, does not run', () => {
  const [left, right, element] = [counter(), counter(), counter()]
  const { change } = liveDocumentOf(
    z.object({
      left: z
        .object({ list: z.array(z.object({ n: z.number() }).refine(element.check)) })
        .refine(left.check),
      right: z.record(z.string(), z.object({ n: z.number() }).refine(right.check)),
    }),
    { left: { list: [{ n: 1 }, { n: 2 }] }, right: { a: { n: 1 }, b: { n: 2 } } },
  )
  for (const each of [left, right, element]) each.take()
  change((draft) => {
    must(draft.right['a']).n = 5
  })
  expect([left.take(), right.take(), element.take()]).toEqual([0, 1, 0])
  change((draft) => {
    must(draft.left.list[0]).n = 5
  })
  expect([left.take(), right.take(), element.take()]).toEqual([1, 0, 1])
})

test('several changes below one check make it run once', () => {
  const { check, take } = counter()
  const { change } = liveDocumentOf(
    z.object({ a: z.object({ n: z.number() }), b: z.array(z.number()) }).refine(check),
    {
      a: { n: 1 },
      b: [1],
    },
  )
  take()
  change((draft) => {
    draft.a.n = 2
    draft.b.push(2, 3)
    draft.b.shift()
  })
  expect(take()).toBe(1)
})

test('checks run from the inside out, and one that fails keeps those above it from running', () => {
  const asked: string[] = []
  const says = (name: string, isFine: boolean) => () => {
    asked.push(name)
    return isFine
  }
  const option = z.object({ kind: z.literal('a'), n: z.number() }).refine(says('option', true))
  const schema = z
    .object({
      union: z
        .discriminatedUnion('kind', [option])
        .refine(says('union', true))
        .nullable()
        .refine((value) => (value?.n ?? 0) < 10 || says('wrapper', false)()),
    })
    .refine(says('root', true))
  const { change, value } = liveDocumentOf(schema, { union: { kind: 'a', n: 1 } })
  const set = (n: number) => change((draft) => (must(draft.union ?? undefined).n = n))
  asked.length = 0
  set(2)
  expect(asked).toEqual(['option', 'union', 'root'])
  asked.length = 0
  expect(() => set(50)).toThrow(/\/union: /)
  expect(asked).toEqual(['option', 'union', 'wrapper'])
  expect(value.union?.n).toBe(2)
})

test('an update of many places below a check costs what the places cost', () => {
  const { check, take } = counter()
  const stored = Array.from({ length: 5000 }, () => ({ u: 'x', t: [1, 2] }))
  const item = z.object({
    u: z.union([z.string(), z.array(z.string())]),
    t: z.tuple([z.number(), z.number()]),
  })
  const { change } = liveDocumentOf(z.array(item.refine(check)).max(5000), stored)
  take()
  const { patches } = change((draft) => {
    for (const each of draft) {
      each.u = ['y']
      each.t[1] = 5
    }
  })
  expect(patches).toHaveLength(10_000)
  expect(take()).toBe(5000)
})

test('in a record of 100,000 keys an update visits one entry', () => {
  const { check, take } = counter()
  const entries = Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { n: index }])
  const { change, value } = liveDocumentOf(
    z.object({
      wide: z.record(z.string().refine(check), z.object({ n: z.number().refine(check) })),
    }),
    { wide: Object.fromEntries(entries) },
  )
  take()
  change((draft) => {
    must(draft.wide['k5']).n = -1
  })
  expect(take()).toBe(1)
  // A new key is checked, and its value.
  change((draft) => {
    draft.wide['new'] = { n: 1 }
  })
  expect(take()).toBe(2)
  change((draft) => {
    delete draft.wide['k6']
  })
  expect(take()).toBe(0)
  expect(Object.keys(value.wide)).toHaveLength(100_000)
})

test('in an array of 100,000 elements a push visits one element, with a codec too', () => {
  const { check, take } = counter()
  const counted = z.codec(z.string().refine(check), z.number(), { decode: Number, encode: String })
  const stored = Array.from({ length: 100_000 }, (_, index) => String(index))
  const { change } = liveDocumentOf(z.array(counted), stored)
  take()
  const { patches } = change((draft) => draft.push(7))
  expect(patches).toEqual([{ op: 'add', path: '/100000', value: '7' }])
  // Once as it is written, and once as it is read back.
  expect(take()).toBe(2)
})
