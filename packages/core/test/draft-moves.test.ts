import { describe, expect, it } from 'vitest'
import { type AnyRecipe, afterRecipe, anyDocument, patchesOf } from './support/any-document.ts'
import { applyPatches } from '../src/apply-patches.ts'

/* oxlint-disable unicorn/no-array-sort, unicorn/no-array-reverse, no-self-assign -- these are what the tests do to drafts */

/** Runs a recipe on a draft and on a plain copy, and expects the same of both, patches and undo included. */
function expectAsPlain(json: unknown, recipe: AnyRecipe): void {
  const plain = structuredClone(json)
  recipe(plain)
  const live = anyDocument(json)
  const { patches, undo, redo } = live.change(recipe)
  expect(live.value).toEqual(plain)
  expect(applyPatches(structuredClone(json) as never, patches)).toEqual(plain)
  undo()
  expect(live.value).toEqual(json)
  redo()
  expect(live.value).toEqual(plain)
}

const queue = { queue: [{ id: 1 }, { id: 2 }, { id: 3 }], current: null, done: [] }

describe('a draft that is held on to goes on to work', () => {
  it.each<[string, AnyRecipe]>([
    [
      'when the elements before it are removed',
      (d) => {
        const last = d.queue[2]
        d.queue.splice(0, 2)
        last.seen = true
      },
    ],
    [
      'when it is taken out, changed and put in elsewhere',
      (d) => {
        const first = d.queue.shift()
        first.state = 'running'
        d.current = first
        first.startedAt = 5
        d.done.push(d.queue.pop())
        d.done[0].state = 'done'
      },
    ],
    [
      'when it is put in elsewhere first, and taken out then',
      (d) => {
        const first = d.queue[0]
        d.current = first
        d.queue.shift()
        first.state = 'running'
        d.current.count = 1
      },
    ],
    [
      'when what it stands in is put in elsewhere first, and taken out then',
      (d) => {
        const first = d.queue[0]
        d.done = d.queue
        d.queue = []
        first.state = 'done'
        d.done[0].count = 1
      },
    ],
    [
      'when a part of it was not yet looked at when it was put in elsewhere',
      (d) => {
        d.queue[0].tags = ['a']
        d.current = d.queue[0]
        const { tags } = d.queue[0]
        d.queue.shift()
        tags.push('b')
      },
    ],
    [
      'when the array that it stands in is filtered',
      (d) => {
        const last = d.queue[2]
        d.queue = d.queue.filter(({ id }: { id: number }) => id !== 1)
        last.seen = true
        d.queue[0].seen = false
      },
    ],
    [
      'when two elements are swapped',
      (d) => {
        const [one, two] = d.queue
        ;[d.queue[0], d.queue[1]] = [d.queue[1], d.queue[0]]
        one.was = 0
        two.was = 1
      },
    ],
    [
      'when the array is sorted and reversed',
      (d) => {
        const [one] = d.queue
        d.queue.sort((a: { id: number }, b: { id: number }) => b.id - a.id)
        one.seen = true
        delete d.queue.reverse()[1].id
      },
    ],
    [
      'when what it stands in is spread',
      (d) => {
        const { queue: list } = d
        d.current = { deep: { n: 1 } }
        const { deep } = d.current
        d.current = { ...d.current, more: [...list] }
        deep.n = 2
        list.length = 0
      },
    ],
    [
      'when what was cut off with it is put in again',
      (d) => {
        const { queue: list } = d
        const [one] = list
        delete d.queue
        one.seen = true
        d.again = { list }
        one.again = true
        list.push({ id: 4 })
      },
    ],
  ])('%s', (_title, recipe) => {
    expectAsPlain(queue, recipe)
  })
})

it('a change in an element of an array that is told whole is not lost, nor told twice', () => {
  expectAsPlain({ list: [{ a: 1, b: 1 }, { a: 2, tags: [] }, { a: 3 }, { a: 4 }] }, (d) => {
    d.list[0].c = 1
    delete d.list[0].a
    d.list[1].tags.push('x')
    d.list.reverse()
  })
})

it('a change in what is left of an array that is told whole is not lost, nor told twice', () => {
  const list = Array.from({ length: 30 }, (_, n) => ({ n, tags: [] }))
  expectAsPlain({ list }, (d) => {
    d.list.splice(0, 28)
    d.list[0].tags.push('x')
    delete d.list[1].n
  })
})

it('what is taken out of what was cut off stays where it was put since', () => {
  expectAsPlain({ a: { child: { n: 1 } } }, (d) => {
    const { a } = d
    const { child } = a
    delete d.a
    d.b = child
    delete a.child
    child.n = 2
  })
})

it('what is taken out of what was cut off still stands where it was put since: it is copied from there', () => {
  const json = { a: { child: { n: 1 } } }
  const after = afterRecipe(json, (d) => {
    const { a } = d
    const { child } = a
    delete d.a
    d.b = child
    delete a.child
    d.c = child
    d.c.n = 2
  })
  expect(after).toEqual({ b: { n: 1 }, c: { n: 2 } })
})

it('a key deleted from a part that moves is gone where it arrives', () => {
  expectAsPlain({ a: { x: 1, y: 2 }, b: {} }, (d) => {
    delete d.a.x
    d.b.c = d.a
    delete d.a
  })
})

describe('a part of the document that is put in a second place', () => {
  it('is copied: neither changes with the other', () => {
    const json = { a: { n: 1, deep: [{}] } }
    const live = anyDocument(json)
    live.change((d) => {
      d.b = d.a
      d.b.n = 2
      d.a.deep[0].x = 3
      d.list = [d.a, d.a, { in: d.a }]
      d.list[0].n = 4
    })
    expect(live.value).toEqual({
      a: { n: 1, deep: [{ x: 3 }] },
      b: { n: 2, deep: [{}] },
      list: [
        { n: 4, deep: [{ x: 3 }] },
        { n: 1, deep: [{ x: 3 }] },
        { in: { n: 1, deep: [{ x: 3 }] } },
      ],
    })
    live.change((d) => void (d.list[1].deep[0].y = 5))
    expect(live.value).toMatchObject({
      a: { deep: [{ x: 3 }] },
      list: [{}, { deep: [{ x: 3, y: 5 }] }, {}],
    })
  })

  it('is copied also where that is within itself, attached or not: there are no cycles', () => {
    expect(
      afterRecipe({ a: { child: { n: 1 } } }, (d) => {
        d.a.self = d.a
        d.a.child.up = d.a
      }),
    ).toEqual({
      a: {
        child: { n: 1, up: { child: { n: 1 }, self: { child: { n: 1 } } } },
        self: { child: { n: 1 } },
      },
    })
    expect(
      afterRecipe({ a: { child: { n: 1 } } }, (d) => {
        const { a } = d
        const { child } = a
        delete d.a
        a.self = a
        child.up = { in: a }
        d.b = a
      }),
    ).toEqual({
      b: {
        child: { n: 1, up: { in: { child: { n: 1 }, self: { child: { n: 1 } } } } },
        self: { child: { n: 1 } },
      },
    })
  })

  it('is copied also where it got there by way of what was cut off', () => {
    const live = anyDocument({ a: { child: { n: 1 } }, list: [] })
    live.change((d) => {
      const { a } = d
      delete d.a
      // `child` now stands in the document and in `a`, which does not; then `a` comes back.
      d.list.push(a.child)
      d.list.push(a)
      d.list[0].n = 2
    })
    expect(live.value).toEqual({ list: [{ n: 2 }, { child: { n: 1 } }] })
  })
})

it('a deleted key that is set again keeps its place', () => {
  const live = anyDocument({ a: 1, b: 2 })
  const { patches } = live.change((d) => {
    delete d.a
    d.a = 3
  })
  expect(patches).toEqual([{ op: 'replace', path: '/a', value: 3 }])
  expect(live.text(0)).toBe('{"a":3,"b":2}')
})

it('generic calls of array methods do what the methods do, or throw', () => {
  expectAsPlain({ list: [1, 2] }, (d) => {
    Array.prototype.push.apply(d.list, [3, 4])
    Array.prototype.reverse.call(d.list)
  })
  expect(() => patchesOf({ list: [1, 2] }, (d) => Array.prototype.shift.call(d.list))).toThrow(
    'use splice',
  )
})

it('what console.log and a debugger show of a draft is what stands there', async () => {
  const { inspect } = await import('node:util')
  let shown = ''
  afterRecipe({ a: { n: 1 }, list: [1] }, (d) => {
    d.a.n = 2
    shown = inspect(d)
  })
  expect(shown).toContain('{ a: { n: 2 }, list: [ 1 ] }')
})
