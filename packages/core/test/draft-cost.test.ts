import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { HoldfastError } from '../src/error.ts'
import { type AnyRecipe, anyDocument } from './support/any-document.ts'

const wide = Object.fromEntries(
  Array.from({ length: 100_000 }, (_, index) => [`key-${index}`, { n: index }]),
)

/** A document with a wide record in it, and how often its keys were listed, or more than a few read. */
function watched(): {
  live: ReturnType<typeof anyDocument>
  listings: () => number
  reads: () => number
} {
  const live = anyDocument(
    { record: {}, other: 1 },
    z.object({ record: z.record(z.string(), z.object({ n: z.number() })), other: z.number() }),
  )
  let [listings, reads] = [0, 0]
  const record = new Proxy(
    { ...wide },
    {
      ownKeys: (target) => {
        listings++
        return Reflect.ownKeys(target)
      },
      get: (target, key, receiver) => {
        reads++
        return Reflect.get(target, key, receiver)
      },
    },
  )
  live.value.record = record
  return { live, listings: () => listings, reads: () => reads }
}

it.each<[string, AnyRecipe]>([
  ['changes a member', (d) => void (d.record['key-7'].n = -1)],
  ['adds a member', (d) => void (d.record['new'] = { n: 1 })],
  ['deletes a member', (d) => delete d.record['key-7']],
  [
    'moves a member',
    (d) => {
      d.record['new'] = d.record['key-7']
      delete d.record['key-7']
      d.record['new'].n = 5
    },
  ],
  [
    'fails',
    (d) => {
      delete d.record['key-7']
      d.record['key-8'] = { n: 'text' }
    },
  ],
])('an update that %s of a wide record neither lists nor copies its keys', (_title, recipe) => {
  const { live, listings, reads } = watched()
  const change = caught(() => live.change(recipe))
  change?.undo()
  change?.redo()
  expect(listings()).toBe(0)
  expect(reads()).toBeLessThan(50)
})

it('the watch above sees whoever lists or copies the keys', () => {
  const { live, listings, reads } = watched()
  live.change((d) => void d.record)
  expect(listings()).toBe(0)
  live.change((d) => Object.keys(d.record).length)
  expect(listings()).toBeGreaterThan(0)
  const spread = { ...live.value.record }
  expect(reads()).toBeGreaterThan(Object.keys(spread).length - 1)
})

it('an array of 200,000 elements is emptied by one patch, and undone', () => {
  const list = Array.from({ length: 200_000 }, (_, index) => index)
  const live = anyDocument({ list })
  const { patches, undo, redo } = live.change((d) => void (d.list.length = 0))
  expect(patches).toEqual([{ op: 'replace', path: '/list', value: [] }])
  undo()
  expect(live.value).toEqual({ list })
  redo()
  expect(live.value).toEqual({ list: [] })
  undo()
  expect(() =>
    live.change((d) => {
      d.list.length = 0
      d.list.push(...list.slice(0, 50_000))
      throw new Error('failed')
    }),
  ).toThrow('failed')
  expect(live.value).toEqual({ list })
})

it('elements that all shifted are found without a search for each', () => {
  const list = Array.from({ length: 3000 }, (_, index) => ({ index }))
  const live = anyDocument({ list })
  const search = vi.spyOn(Array.prototype, 'indexOf')
  const { patches } = live.change((d) => {
    for (const element of d.list) element.seen = true
    d.list.shift()
  })
  const searches = search.mock.calls.length
  search.mockRestore()
  expect(patches).toHaveLength(3000)
  expect(patches.at(-1)).toEqual({ op: 'add', path: '/list/2998/seen', value: true })
  expect(searches).toBeLessThan(5)
})

/** What `run` gives, or undefined where it is refused. */
function caught<R>(run: () => R): R | undefined {
  try {
    return run()
  } catch (error) {
    if (HoldfastError.is(error, 'INVALID')) return undefined
    throw error
  }
}
