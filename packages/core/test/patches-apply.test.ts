import { expect, it } from 'vitest'
import { applyPatches } from '../src/apply-patches.ts'
import type { Json } from '../src/json.ts'
import type { Patch } from '../src/patch.ts'
import { formatPointer, parsePointer } from '../src/pointer.ts'

it('patches change the document that was given, and what they do not touch stays the same object', () => {
  const kept = { deep: [1] }
  const document: Json = { kept, list: [1, 2] }
  const { list } = document
  const result = applyPatches(document, [
    { op: 'add', path: '/list/-', value: 3 },
    { op: 'replace', path: '/list/0', value: 0 },
    { op: 'remove', path: '/list/1' },
  ])
  expect(result).toBe(document)
  expect(document).toEqual({ kept: { deep: [1] }, list: [0, 3] })
  expect(document['list']).toBe(list)
  expect(document['kept']).toBe(kept)
})

it('a patch named __proto__ makes a member, never a prototype', () => {
  const document: Json = {}
  applyPatches(document, [
    { op: 'add', path: '/__proto__', value: { isAdmin: true } },
    { op: 'add', path: '/constructor', value: 1 },
  ])
  expect(Object.keys(document)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
  expect('isAdmin' in {}).toBe(false)
})

it('a pointer never leads through a prototype', () => {
  const paths = [
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/toString/polluted',
    '/list/length',
    '/list/map/x',
  ]
  for (const path of paths) {
    expect(() => applyPatches({ list: [] }, [{ op: 'add', path, value: 1 }])).toThrow(
      `add ${path}: there is no such place`,
    )
  }
  expect('polluted' in {}).toBe(false)
})

it.each([
  [{ op: 'replace', path: '/b', value: 1 }, 'replace /b: there is no such place'],
  [{ op: 'remove', path: '/b' }, 'remove /b: there is no such place'],
  [{ op: 'remove', path: '/a/2' }, 'remove /a/2: there is no such place'],
  [{ op: 'remove', path: '/a/-' }, 'remove /a/-: there is no such place'],
  [{ op: 'add', path: '/a/3', value: 1 }, 'add /a/3: there is no such place'],
  [{ op: 'add', path: '/a/01', value: 1 }, 'add /a/01: there is no such place'],
  [{ op: 'add', path: '/a/0/x', value: 1 }, 'add /a/0/x: there is no such place'],
  [{ op: 'add', path: '/a/18446744073709551616', value: 1 }, 'there is no such place'],
  [{ op: 'remove', path: '' }, 'the whole document cannot be removed'],
  [{ op: 'add', path: '/c' }, 'an add at /c has no value'],
  [{ op: 'replace', path: '/a' }, 'a replace at /a has no value'],
  [{ op: 'add', path: 'a', value: 1 }, '"a" is not a JSON Pointer'],
  [{ op: 'add', path: '/a~2', value: 1 }, '"/a~2" is not a JSON Pointer'],
  [{ op: 'add', path: '/a~', value: 1 }, '"/a~" is not a JSON Pointer'],
  [{ op: 'add', value: 1 }, 'undefined is not a JSON Pointer'],
  [{ op: 'add', path: null, value: 1 }, 'null is not a JSON Pointer'],
  [{ path: '/a', value: 1 }, 'operation undefined is not known'],
  [{ op: 'move', path: '/nowhere', from: '/a' }, 'operation "move" is not known'],
])('%j is refused and changes nothing', (patch, message) => {
  const document: Json = { a: [1, 2] }
  expect(() => applyPatches(document, [patch as unknown as Patch])).toThrow(TypeError)
  expect(() => applyPatches(document, [patch as unknown as Patch])).toThrow(message)
  expect(document).toEqual({ a: [1, 2] })
})

it('a pointer is read back from its text, whatever its steps are', () => {
  for (const steps of [
    [],
    [''],
    ['', ''],
    ['a/b', '~', '~1', '~0', '/'],
    ['0', '-', ' ', '"', '\\', '\u0000', 'é'],
  ]) {
    expect(parsePointer(formatPointer(steps))).toEqual(steps)
  }
})
