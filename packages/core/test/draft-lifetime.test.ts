import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AnyRecipe, anyDocument } from './support/any-document.ts'

/* oxlint-disable unicorn/no-array-sort, unicorn/no-array-reverse, no-self-assign -- these are what the tests do to drafts */

type Any = Parameters<AnyRecipe>[0]

const ended = 'a draft was used after its recipe had ended'

describe('a draft that is used after its recipe had ended throws', () => {
  const uses: [string, (object: Any, array: Any) => unknown][] = [
    ['get', (object) => object.a],
    ['get of what is missing', (object) => object.nothing],
    ['set', (object) => void (object.a = 1)],
    ['set of what is there', (object) => void (object.n = 1)],
    ['delete', (object) => delete object.a],
    ['delete of what is missing', (object) => delete object.nothing],
    ['in', (object) => 'a' in object],
    ['keys', (object) => Object.keys(object)],
    ['own property', (object) => Object.hasOwn(object, 'a')],
    ['JSON.stringify', (object) => JSON.stringify(object)],
    ['spread', (object) => ({ ...object })],
    ['index', (_object, array) => array[0]],
    ['length', (_object, array) => array.length],
    ['setting the length', (_object, array) => void (array.length = 0)],
    ['in of an array', (_object, array) => 0 in array],
    ['own property of an array', (_object, array) => Object.hasOwn(array, 'length')],
    ['push', (_object, array) => array.push(1)],
    ['sort', (_object, array) => array.sort()],
    ['iteration', (_object, array) => [...array]],
    ['delete of an element', (_object, array) => delete array[9]],
  ]
  it.each(uses)('%s', (_title, use) => {
    const live = anyDocument({ object: { a: {}, n: 1 }, array: [1] })
    const kept: Any[] = []
    live.change((d) => void kept.push(d.object, d.array, d.array.push))
    expect(() => use(kept[0], kept[1])).toThrow(ended)
    expect(() => kept[2](1)).toThrow(ended)
    expect(() => live.change(() => use(kept[0], kept[1]))).toThrow(ended)
    expect(() => live.change((d) => void (d.again = [kept[1]]))).toThrow(ended)
    expect(() =>
      live.change((d) => {
        kept[0] = d.object
        kept[1] = d.array
        throw new Error('failed')
      }),
    ).toThrow('failed')
    expect(() => use(kept[0], kept[1])).toThrow(ended)
    expect(live.text(0)).toBe('{"object":{"a":{},"n":1},"array":[1]}')
  })
})

describe('what a recipe returns has plain copies in the place of drafts', () => {
  const json = { a: { n: 1, deep: [{ m: 1 }] }, list: [{ n: 2 }] }

  it('be they the result, or in arrays and objects of it', () => {
    const live = anyDocument(json)
    const { result } = live.change((d) => {
      d.a.n = 5
      delete d.a.deep[0].m
      const shared = { again: d.list }
      return { root: d, one: d.a, list: [d.list[0], [d.a.deep]], text: 'x', shared, same: shared }
    })
    const a = { n: 5, deep: [{}] }
    expect(result).toStrictEqual({
      root: { a, list: [{ n: 2 }] },
      one: a,
      list: [{ n: 2 }, [[{}]]],
      text: 'x',
      shared: { again: [{ n: 2 }] },
      same: { again: [{ n: 2 }] },
    })
    const returned = result
    expect(returned.same).toBe(returned.shared)
    returned.root.a.n = 9
    returned.one.deep.push(1)
    returned.list[0].n = 9
    expect(live.value).toEqual({ a, list: [{ n: 2 }] })
    live.change((d) => void (d.list[0].n = 7))
    expect(returned.shared).toEqual({ again: [{ n: 2 }] })
  })

  it('as it is in the end, also what was taken out', () => {
    const { result } = anyDocument(json).change((d) => {
      const order = d.list.pop()
      order.n = 3
      return order
    })
    expect(result).toEqual({ n: 3 })
  })

  it('and is itself where there are none, also with a cycle in it', () => {
    const report = { date: new Date(0), map: new Map(), self: null as unknown }
    report.self = report
    expect(anyDocument(json).change(() => report).result).toBe(report)
    const { result } = anyDocument(json).change((d) => ({
      ...report,
      draft: d.list,
      self: report,
    }))
    expect(result).toMatchObject({ draft: [{ n: 2 }] })
  })
})

it('a recipe that returns a promise is refused, whatever it goes on to do', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', onUnhandled)
  const live = anyDocument({ n: 1 })
  const later: Promise<string>[] = []
  const recipe = (d: Any): Promise<void> => {
    d.n = 2
    delete d.n
    const promise = (async () => {
      await Promise.resolve()
      d.n = 3
    })()
    later.push(promise.then(() => 'went on', String))
    return promise
  }
  expect(() => live.change(recipe)).toThrow(
    'a recipe must be synchronous: this one returned a promise',
  )
  expect(live.text(0)).toBe('{"n":1}')
  expect(await Promise.all(later)).toEqual([`TypeError: ${ended}`])
  expect(() => live.change(async (d) => Promise.reject(new Error(d.n)))).toThrow(
    'must be synchronous',
  )
  // oxlint-disable-next-line unicorn/no-thenable -- what is awaitable without being a Promise is refused as well
  expect(() => live.change(() => ({ then: () => {} }))).toThrow('must be synchronous')
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
  expect(live.text(0)).toBe('{"n":1}')
})

it('an update within the recipe of another is refused, and the outer one goes on', () => {
  const live = anyDocument({ n: 1, m: 1 })
  const { patches } = live.change((d) => {
    d.n = 2
    expect(() => live.change((inner) => void (inner.m = 2))).toThrow(
      'from within the recipe of another',
    )
    expect(() => live.replace({ n: 5, m: 5 })).toThrow('from within the recipe of another')
    d.m = 3
  })
  expect(live.value).toEqual({ n: 2, m: 3 })
  expect(patches).toHaveLength(2)
})

it('a draft of another document is taken in as a copy', () => {
  const [one, other] = [anyDocument({ a: { n: 1 } }), anyDocument({})]
  one.change((d) => {
    other.change((e) => {
      e.a = d.a
      d.a.n = 2
    })
  })
  expect(other.value).toEqual({ a: { n: 1 } })
  expect(one.value).toEqual({ a: { n: 2 } })
})

it('a document that the program has frozen is not silently left as it was', () => {
  const live = anyDocument({ record: { a: 1, b: 2 }, list: [1] })
  Object.freeze(live.value.record)
  expect(() => live.change((d) => void (d.record.a = 2))).toThrow('was frozen by the program')
  expect(() => live.change((d) => delete d.record.a)).toThrow(TypeError)
  expect(live.value).toEqual({ record: { a: 1, b: 2 }, list: [1] })
})

it('a refused update leaves no trace, where its check had to see the whole', () => {
  const schema = z
    .object({ a: z.number().optional(), b: z.number(), c: z.number().optional() })
    .refine(({ c }) => c === undefined)
  const live = anyDocument({ a: 1, b: 2 }, schema)
  const recipe: AnyRecipe = (d) => {
    delete d.a
    d.c = 3
  }
  expect(() => live.change(recipe)).toThrow('Invalid input')
  expect(Object.entries(live.value)).toEqual([
    ['a', 1],
    ['b', 2],
  ])
})

it('what the schema made of what was put in is there again after undo and redo', () => {
  const schema = z.object({ list: z.array(z.object({ n: z.number() })) })
  const live = anyDocument({ list: [] }, schema)
  const { undo, redo } = live.change((d) => d.list.push({ n: 1, unknown: 2 }))
  expect(live.value).toEqual({ list: [{ n: 1 }] })
  undo()
  expect(live.value).toEqual({ list: [] })
  redo()
  expect(live.value).toEqual({ list: [{ n: 1 }] })
})
