import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { copyJson } from '../src/copy-json.ts'
import { HoldfastError } from '../src/error.ts'

class Money {
  readonly amount = 1
}
class Stack extends Array {}

it('a copy has the same contents in the same order of keys, and shares nothing', () => {
  const original = { b: [1, { c: null }], a: { '': 'text', 'x/y': false }, 10: -1.5 }
  const copy = copyJson(original)
  expect(JSON.stringify(copy)).toBe(JSON.stringify(original))
  original.b.push(2)
  original.a[''] = 'changed'
  expect(copy).toEqual({ b: [1, { c: null }], a: { '': 'text', 'x/y': false }, 10: -1.5 })
})

it('a copy of something frozen, or without a prototype, is a plain object that can be changed', () => {
  const bare: unknown = Object.assign(Object.create(null), { a: 1 })
  const copy = copyJson(Object.freeze({ list: Object.freeze([1]), bare }))
  expect(Object.isFrozen(copy)).toBe(false)
  expect(copy).toStrictEqual({ list: [1], bare: { a: 1 } })
})

it('arrays and objects of another realm are plain', () => {
  expect(copyJson(runInNewContext('({ list: [1, {}] })'))).toStrictEqual({ list: [1, {}] })
})

it('the value of an accessor is copied, not the accessor', () => {
  let reads = 0
  const copy = copyJson({
    get now() {
      return ++reads
    },
  })
  expect(Object.getOwnPropertyDescriptor(copy, 'now')?.value).toBe(1)
  expect(reads).toBe(1)
})

const cycle: { self?: unknown } = {}
cycle.self = { again: [cycle] }
const holes: unknown[] = [1]
holes[2] = 3
// As many keys as a dense array of two has.
const holeAndName = Object.assign([] as unknown[], { name: 1 })
holeAndName[1] = 2

it.each([
  [undefined, '/a/0', 'undefined has no JSON form: delete the key, or use null'],
  [() => 1, '/a/0', 'a function has no JSON form'],
  [Symbol('s'), '/a/0', 'a symbol has no JSON form'],
  [Number.NaN, '/a/0', 'NaN has no JSON form'],
  [Infinity, '/a/0', 'Infinity has no JSON form'],
  [-Infinity, '/a/0', '-Infinity has no JSON form'],
  [-0, '/a/0', '-0 would be read back as 0'],
  [1n, '/a/0', 'a bigint has no JSON form: give its schema a codec'],
  [new Date(0), '/a/0', 'an instance of Date has no JSON form: give its schema a codec'],
  [new Map(), '/a/0', 'an instance of Map has no JSON form: give its schema a codec'],
  [new Set(), '/a/0', 'an instance of Set has no JSON form: give its schema a codec'],
  [/x/, '/a/0', 'an instance of RegExp has no JSON form: give its schema a codec'],
  [
    new Uint8Array(1),
    '/a/0',
    'an instance of Uint8Array has no JSON form: give its schema a codec',
  ],
  [new Money(), '/a/0', 'an instance of Money has no JSON form: give its schema a codec'],
  [new Stack(), '/a/0', 'an instance of Stack has no JSON form: give its schema a codec'],
  // oxlint-disable-next-line no-new-wrappers, unicorn/new-for-builtins -- a boxed number is what is to be refused
  [new Number(1), '/a/0', 'an instance of Number has no JSON form: give its schema a codec'],
  [Object.create({}), '/a/0', 'an instance of Object has no JSON form: give its schema a codec'],
  [{ [Symbol('s')]: 1 }, '/a/0', 'a symbol key has no JSON form'],
  [JSON.parse('{"__proto__":1}'), '/a/0', 'a key named __proto__ is refused'],
  [holes, '/a/0', 'an array with holes or named members has no JSON form'],
  [holeAndName, '/a/0/0', 'undefined has no JSON form: delete the key, or use null'],
  [
    Object.assign([1], { name: 1 }),
    '/a/0',
    'an array with holes or named members has no JSON form',
  ],
  ['x'.match(/x/), '/a/0', 'an array with holes or named members has no JSON form'],
  [cycle, '/a/0/self/again/0', 'a cycle has no JSON form'],
])('%o is refused with its path', (value, path, message) => {
  const error: unknown = catchError(() => copyJson({ a: [value] }))
  expect(HoldfastError.is(error, 'INVALID')).toBe(true)
  expect(error).toMatchObject({ message: `${path}: ${message}`, issues: [{ path, message }] })
})

it('the same object in two places is no cycle, and becomes two objects', () => {
  const shared = { n: 1 }
  const copy = copyJson([shared, { deep: [shared] }]) as [object, { deep: [object] }]
  expect(copy).toEqual([{ n: 1 }, { deep: [{ n: 1 }] }])
  expect(copy[0]).not.toBe(copy[1].deep[0])
})

function catchError(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
