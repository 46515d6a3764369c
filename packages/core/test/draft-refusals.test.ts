import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bigintText, dateText } from '../src/codecs.ts'
import { HoldfastError } from '../src/error.ts'
import { type AnyRecipe, anyDocument } from './support/any-document.ts'

/* oxlint-disable unicorn/no-array-sort, unicorn/no-array-reverse, no-self-assign -- these are what the tests do to drafts */

class Money {
  readonly amount = 1
}

const json = { cash: 1, list: [1, { a: 1 }], deep: { 'x/y': { n: 1 } } }

/** Runs a recipe that changes this and that and then fails; gives the error, and expects no trace. */
function refusal(recipe: AnyRecipe): unknown {
  const live = anyDocument(json)
  const before = live.text(0)
  let thrown: unknown
  try {
    live.change((d) => {
      delete d.cash
      d.list.unshift({ new: true })
      d.cash = 2
      recipe(d)
    })
  } catch (error) {
    thrown = error
  }
  expect(live.text(0)).toBe(before)
  // It is no worse for it.
  live.change((d) => void (d.list[1] = 5))
  expect(live.value).toMatchObject({ cash: 1, list: [1, 5] })
  return thrown
}

const cycle: { self?: unknown } = {}
cycle.self = [cycle]
const holes: unknown[] = [1]
holes[2] = 3

describe('what has no JSON form is refused with its path, and the document is as it was', () => {
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined has no JSON form'],
    ['a function', () => 1, 'a function has no JSON form'],
    ['a symbol', Symbol('s'), 'a symbol has no JSON form'],
    ['NaN', Number.NaN, 'NaN has no JSON form'],
    ['Infinity', Infinity, 'Infinity has no JSON form'],
    ['-Infinity', -Infinity, '-Infinity has no JSON form'],
    ['-0', -0, '-0 would be read back as 0'],
    ['a bigint', 1n, 'a bigint has no JSON form'],
    ['a Date', new Date(0), 'an instance of Date has no JSON form'],
    ['a Map', new Map([['a', 1]]), 'an instance of Map has no JSON form'],
    ['a Set', new Set([1]), 'an instance of Set has no JSON form'],
    ['a RegExp', /x/, 'an instance of RegExp has no JSON form'],
    ['bytes', new Uint8Array(2), 'an instance of Uint8Array has no JSON form'],
    ['an Error', new Error('x'), 'an instance of Error has no JSON form'],
    ['a promise', Promise.resolve(1), 'an instance of Promise has no JSON form'],
    ['an instance of a class', new Money(), 'an instance of Money has no JSON form'],
    ['a symbol key', { [Symbol('s')]: 1 }, 'a symbol key has no JSON form'],
    [
      'a key named __proto__',
      JSON.parse('{"__proto__":{"x":1}}'),
      'a key named __proto__ is refused',
    ],
    ['an array with holes', holes, 'an array with holes or named members has no JSON form'],
    [
      'an array with a named member',
      Object.assign([1], { name: 1 }),
      'an array with holes or named members has no JSON form',
    ],
  ])('%s', (_title, value, message) => {
    const places: [string, AnyRecipe][] = [
      ['/cash', (d) => void (d.cash = value)],
      ['/deep/x~1y/n', (d) => void (d.deep['x/y'].n = value)],
      ['/new/deep/0', (d) => void (d.new = { deep: [value] })],
      // Within what the recipe itself has put in.
      [
        '/new/deep/a',
        (d) => {
          d.new = { deep: {} }
          d.new.deep.a = value
        },
      ],
      ['/list/2/a', (d) => void (d.list[2].a = value)],
    ]
    for (const [path, recipe] of places) {
      const error = refusal(recipe)
      expect(HoldfastError.is(error, 'INVALID')).toBe(true)
      expect(error).toMatchObject({ issues: [{ path, message: expect.stringContaining(message) }] })
    }
  })

  it('a cycle', () => {
    expect(refusal((d) => void (d.cash = [cycle]))).toMatchObject({
      message: '/cash/0/self/0: a cycle has no JSON form',
    })
  })

  it.each<[string, AnyRecipe, string]>([
    [
      'an element beyond the end',
      (d) => void (d.list[5] = 1),
      '/list: an array of 3 with an element 5 would have holes',
    ],
    [
      'a greater length',
      (d) => void (d.list.length = 4),
      '/list: an array of 3 with a length of 4 would have holes',
    ],
    [
      'a deleted element',
      (d) => delete d.list[0],
      '/list: without its element 0 the array would have a hole: use splice',
    ],
    [
      'a named member of an array',
      (d) => void (d.list.name = 1),
      '/list: an array with named members has no JSON form',
    ],
    [
      'a symbol as key',
      (d) => void (d.deep[Symbol('s')] = 1),
      '/deep: a symbol key has no JSON form',
    ],
    [
      '__proto__ as key',
      (d) => void (d.deep['__proto__'] = { isAdmin: true }),
      '/deep/__proto__: a key named __proto__ is refused',
    ],
  ])('%s', (_title, recipe, message) => {
    const error = refusal(recipe)
    expect(error).toMatchObject({ code: 'INVALID', message })
    expect('isAdmin' in {}).toBe(false)
  })

  it('a Map whose contents cannot be copied, where a codec could give it a form', () => {
    const schema = z.object({
      map: z.codec(z.array(z.any()), z.map(z.any(), z.any()), {
        decode: (a) => new Map(a),
        encode: (m) => [...m],
      }),
    })
    const live = anyDocument({ map: [] }, schema)
    expect(() => live.change((d) => void (d.map = new Map([['f', () => 1]])))).toThrow('/map')
    expect(() => live.change((d) => d.map.set('f', () => 1))).toThrow('/map')
    expect(live.text(0)).toBe('{"map":[]}')
  })
})

it.each<[string, AnyRecipe]>([
  ['Object.defineProperty', (d) => Object.defineProperty(d, 'x', { get: () => 1 })],
  ['Object.setPrototypeOf', (d) => Object.setPrototypeOf(d, null)],
  ['Object.freeze', (d) => Object.freeze(d.list)],
  ['Object.seal', (d) => Object.seal(d)],
  ['a comparison that is no function', (d) => d.list.sort(1)],
  ['a sort that changes the array', (d) => d.list.sort(() => d.list.pop() && 1)],
])('%s is a TypeError, and changes nothing', (_title, recipe) => {
  expect(refusal(recipe)).toBeInstanceOf(TypeError)
})

it('a length that no array can have is a RangeError', () => {
  expect(refusal((d) => void (d.list.length = -1))).toBeInstanceOf(RangeError)
})

it('a recipe may catch a refusal and go on, as if it had not tried', () => {
  const live = anyDocument(json)
  live.change((d) => {
    const element = d.list[1]
    expect(() => void (d.list = [element, undefined])).toThrow('/list/1')
    expect(() => d.list.push(element, () => 1)).toThrow('/list/3')
    element.a = 2
    d.cash = 3
  })
  expect(live.value).toEqual({ ...json, cash: 3, list: [1, { a: 2 }] })
})

describe('names that every object has', () => {
  const names = [
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'then',
    'length',
    'push',
    'toJSON',
  ]
  it.each(names)('%s is data where the document has it, and as ever where it has not', (name) => {
    const live = anyDocument({ record: {} })
    const { patches } = live.change((d) => {
      expect(d.record[name]).toBe(Reflect.get({}, name))
      expect(Object.hasOwn(d.record, name)).toBe(false)
      d.record[name] = { n: 1 }
      d.record[name].n = 2
      expect(Object.keys(d.record)).toEqual([name])
    })
    expect(patches).toEqual([{ op: 'add', path: `/record/${name}`, value: { n: 2 } }])
    live.change((d) => delete d.record[name])
    expect(live.value).toEqual({ record: {} })
  })

  it('__proto__ of a draft is Object.prototype, and is not written through it', () => {
    anyDocument({}).change((d) => {
      expect(d['__proto__']).toBe(Object.prototype)
      expect(Object.getPrototypeOf(d)).toBe(Object.prototype)
    })
  })
})

describe('nothing outside shares the document', () => {
  it('what was put in can be changed afterwards, within the recipe and after it', () => {
    const given = { n: 1, deep: [{ m: 1 }] }
    const array = [given]
    const live = anyDocument({ list: [] })
    live.change((d) => {
      d.a = given
      d.list.push(given, ...array)
      d.list.splice(0, 0, array)
      Object.assign(d, { b: given })
      given.n = 2
    })
    given.n = 3
    given.deep.push({ m: 2 })
    array.length = 0
    const kept = { n: 1, deep: [{ m: 1 }] }
    expect(live.value).toEqual({ list: [[kept], kept, kept], a: kept, b: kept })
  })

  it('what was put in is not changed, frozen or not', () => {
    const frozen = Object.freeze({ list: Object.freeze([Object.freeze({ n: 1 })]) })
    const bare: unknown = Object.freeze(Object.assign(Object.create(null), { n: 1 }))
    const live = anyDocument({})
    live.change((d) => {
      d.a = frozen
      d.a.list[0].n = 2
      d.a.list.push(3)
      d.bare = bare
      d.bare.n = 2
    })
    expect(live.value).toStrictEqual({ a: { list: [{ n: 2 }, 3] }, bare: { n: 2 } })
    expect(frozen).toEqual({ list: [{ n: 1 }] })
  })

  it('the value of an accessor is put in, not the accessor, even if reading it changes the draft', () => {
    const live = anyDocument({ list: [1, 2, { n: 1 }], x: { n: 1 } })
    const before = live.text(0)
    const { undo } = live.change((d) => {
      const { x } = d
      delete d.x
      let reads = 0
      d.list[2] = {
        get first() {
          d.list.length = 1
          return ++reads
        },
        x,
        get second() {
          d.y = x
          return ++reads
        },
      }
      x.n = 2
    })
    expect(live.value).toEqual({ list: [1, { first: 1, x: { n: 1 }, second: 2 }], y: { n: 2 } })
    undo()
    expect(JSON.parse(before)).toEqual(live.value)
  })

  it('Dates are given out and taken in as copies; what a recipe does to one it was given counts', () => {
    const schema = z.object({ at: dateText, times: z.array(dateText), big: bigintText.optional() })
    const text = '2026-01-01T00:00:00.000Z'
    const live = anyDocument({ at: text, times: [text, text] }, schema)
    const put = new Date(5)
    const { result: untouched } = live.change((d) => d)
    untouched.at.setTime(99)
    let given = new Date(0)
    const { patches, result } = live.change((d) => {
      given = d.at
      expect(d.at).toBe(given)
      d.at.setUTCFullYear(2027)
      const second = d.times[1]
      d.times.shift()
      second.setTime(7)
      d.times.push(put)
      put.setTime(50)
      return { given, all: d }
    })
    put.setTime(99)
    given.setTime(99)
    result.all.times[0].setTime(99)
    expect(JSON.parse(live.text(0))).toEqual({
      at: '2027-01-01T00:00:00.000Z',
      times: ['1970-01-01T00:00:00.007Z', '1970-01-01T00:00:00.005Z'],
    })
    expect(patches).toContainEqual({
      op: 'replace',
      path: '/at',
      value: '2027-01-01T00:00:00.000Z',
    })
    expect(live.change((d) => void (d.at = d.at)).patches).toEqual([])
  })
})
