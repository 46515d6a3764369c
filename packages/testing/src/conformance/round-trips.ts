import type { Json } from '@holdfast/core'
import { assertSameJson } from './assert-same-json.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

/** Documents that careless storage changes, by what is special about them. */
const documents: Readonly<Record<string, Json>> = {
  null: null,
  zero: 0,
  'the empty string': '',
  false: false,
  true: true,
  'the empty object': {},
  'the empty array': [],
  'empty containers inside others': { a: {}, b: [], c: [[], {}], d: '' },
  'nested objects and arrays': { a: [{ b: [1, [2, { c: null }]] }], d: { e: { f: [false] } } },
  'the largest numbers': [1e308, -1e308, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 1e21],
  'the smallest numbers': [5e-324, -5e-324, 2.2250738585072014e-308],
  'numbers that need all their digits': [0.1 + 0.2, 1 / 3, 123456789.12345679],
  'strings that look like other values': ['null', '0', 'true', '{}', '2026-11-22T10:00:00.000Z'],
  'strings with quotes, backslashes and line ends': ['"', '\\', '\\"', 'a\nb\r\nc', '\u2028\u2029'],
  'control characters': ['\u0000', '\u0001\u001f\u007f', '\u0085\u009f'],
  'text in many scripts': { ключ: '値', é: 'e\u0301', '🦀': '👩‍👩‍👧‍👦', rtl: '\u202eabc', bom: '\ufeff' },
  'lone surrogates': { value: '\ud800', reversed: '\udc00\ud800', '\udfff': 'as a key' },
  'keys that need escaping in a JSON Pointer': { '': 1, '/': 2, '~': 3, '~1': 4, 'a/b~c': 5 },
  'the key __proto__': JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":null}}'),
  'the keys of Object.prototype': {
    constructor: 1,
    prototype: { toString: null },
    hasOwnProperty: 2,
  },
  'keys out of alphabetical order': { z: 1, a: { y: 2, b: 3 }, m: 4, B: 5 },
  '500 levels of nesting': nested(500),
}

/** What goes in comes out: the same JSON, to the last key order. */
export function roundTrips(check: Check): void {
  for (const [title, data] of Object.entries(documents)) {
    check(`a document comes back as it went in: ${title}`, async (trial) => {
      const sequence = await trial.openSequence()
      await mustCommit(sequence, { base: 0, data })
      assertSameJson((await mustLoad(sequence)).data, data)
      assertSameJson((await mustLoad(await trial.openSequence())).data, data)
    })

    check(`a value put into a document comes back as it went in: ${title}`, async (trial) => {
      const sequence = await trial.openSequence()
      const previous: Json = { kept: 1, replaced: 'old', removed: null }
      const next: Json = { kept: 1, replaced: data, added: data }
      await mustCommit(sequence, { base: 0, data: previous })
      await mustCommit(sequence, { base: 1, data: next, previous })
      assertSameJson((await mustLoad(sequence)).data, next)
      assertSameJson((await mustLoad(await trial.openSequence())).data, next)
    })
  }
}

function nested(levels: number): Json {
  let value: Json = 'the innermost'
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { in: value } : [value]
  return value
}
