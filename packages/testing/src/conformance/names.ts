import assert from 'node:assert/strict'
import { HoldfastError, type Backend, type Sequence } from '@holdfast/core'
import { assertFails } from './assert-fails.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

const ordinaryNames = ['trading', 'bot-7', 'snake_case', 'v1.2', 'BTCUSDT', '42', 'x'.repeat(100)]

// Each has been lost, rewritten or turned into another path by some file system or database.
const oddNames: Readonly<Record<string, readonly string[]>> = {
  spaces: [' ', 'with space', ' leading', 'trailing ', 'a\tb', 'line\nend', 'nul\u0000byte'],
  paths: ['a/b', '/', '/etc/passwd', 'a\\b', '.', '..', '../up', '.hidden', 'dot.', 'a..b', '~'],
  urls: ['100%', '%2e%2e', '%41', 'a?b', 'a#b', 'a&b=c', 'a:b'],
  shells: ['a*b', "it's", 'say "so"', '<x>|', '-rf', '$HOME', '`id`', ';', "'; DROP TABLE states"],
  windows: ['CON', 'nul', 'com1.json', 'LPT9'],
  unicode: ['été', 'e\u0301', '状態', '🦀', '\u202etxt', '\ufeffbom', '\ud800', '\udc00x'],
  javascript: ['__proto__', 'constructor', 'toString', 'null', 'undefined', '0', '_'],
  files: ['a.json', 'a.json.1', 'a.tmp', 'a.lock', 'a.journal', '00000001.jsonl', '.a.tmp'],
  long: ['é'.repeat(100), '状'.repeat(100), 'x'.repeat(300)],
}

// Names that one folding or another makes equal, or that name each other's files.
const closeNames: Readonly<Record<string, readonly string[]>> = {
  case: ['state', 'State', 'STATE'],
  'the form of Unicode': ['caf\u00e9', 'cafe\u0301'],
  'spaces around them': ['state', ' state', 'state '],
  'a dot at the end': ['state', 'state.', 'state..'],
  'percent encoding': ['a/b', 'a%2fb', 'a%2Fb', 'a%252fb'],
  'a separator': ['a/b', 'a\\b', 'a_b', 'a-b', 'a:b'],
  'a generation': ['state', 'state.1', 'state.json', 'state.json.1', 'state.json.json'],
  'their first 64 characters': [64, 65, 66].map((length) => 'y'.repeat(length)),
}

/** A name is kept as it is, or refused; it never becomes another one. */
export function names(check: Check): void {
  check('an empty name is refused with INVALID', async (trial) => {
    const backend = await trial.open()
    await assertFails(() => backend.open(''), { code: 'INVALID' })
  })

  for (const name of ordinaryNames) {
    check(`the ordinary name ${shown(name)} is accepted`, async (trial) => {
      assert.ok(await openIfAccepted(await trial.open(), name), 'refused with INVALID')
    })
  }

  for (const name of [...ordinaryNames, ...Object.values(oddNames).flat()]) {
    check(`the name ${shown(name)} is kept as it is, or refused`, async (trial) => {
      const backend = await trial.open()
      const accepted = await keepTogether(backend, await trial.open(), ['neighbour', name])
      if (!accepted.includes(name)) return
      await backend.remove(name)
      assert.equal(await (await backend.open(name)).load(), null, 'loads after its removal')
      assert.deepStrictEqual(await collect(backend.list()), ['neighbour'])
    })
  }

  for (const [difference, closeTogether] of Object.entries(closeNames)) {
    check(`names that differ in ${difference} are kept apart, or refused`, async (trial) => {
      await keepTogether(await trial.open(), await trial.open(), closeTogether)
    })
  }
}

/**
 * Writes a document of its own under every name that `writer` accepts, twice, and asserts that
 * `reader` finds each of them under its name, and lists those names and no other. Gives those names.
 */
async function keepTogether(
  writer: Backend,
  reader: Backend,
  candidates: readonly string[],
): Promise<string[]> {
  const accepted: string[] = []
  for (const name of candidates) {
    const sequence = await openIfAccepted(writer, name)
    if (sequence === null) continue
    await mustCommit(sequence, { base: 0, data: 'the previous generation' })
    await mustCommit(sequence, { base: 1, data: { name } })
    accepted.push(name)
  }
  for (const name of accepted) {
    const { data } = await mustLoad(await reader.open(name))
    assert.deepStrictEqual(data, { name }, `the document of ${JSON.stringify(name)}`)
  }
  assert.deepStrictEqual((await collect(reader.list())).toSorted(), accepted.toSorted())
  return accepted
}

/** Opens `name`; null when it is refused, which has to be with INVALID. */
async function openIfAccepted(backend: Backend, name: string): Promise<Sequence | null> {
  try {
    return await backend.open(name)
  } catch (error) {
    assert.ok(HoldfastError.is(error, 'INVALID'), `refused without INVALID: ${String(error)}`)
    assert.equal(error.state, name)
    return null
  }
}

/** A name as it can be told apart from others in a title: escaped where it is not plain to see. */
function shown(name: string): string {
  if (name.length > 40) return `${shown(name.slice(0, 4))} and ${name.length - 4} characters more`
  return JSON.stringify(name).replaceAll(/[\p{C}\p{M}]/gu, (character) =>
    Array.from(character.split(''), (unit) => `\\u${hexadecimal(unit.charCodeAt(0))}`).join(''),
  )
}

function hexadecimal(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
