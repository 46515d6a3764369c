import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { applyPatches, type Json, type Patch } from '../src/index.ts'

const folder = join(import.meta.dirname, 'data/json-patch-tests')

const publicCase = z.looseObject({
  comment: z.string().optional(),
  doc: z.json(),
  patch: z.array(z.looseObject({ op: z.string() })),
  expected: z.json().optional(),
  error: z.string().optional(),
  disabled: z.boolean().optional(),
})

const known = new Set(['add', 'replace', 'remove'])
const files = ['tests.json', 'spec_tests.json']
const cases = files
  .flatMap((file) =>
    z.array(publicCase).parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  )
  .filter((item) => item.disabled !== true)
const ours = cases.filter(({ patch }) => patch.every(({ op }) => known.has(op)))
const others = cases.filter(({ patch }) => !known.has(patch[0]?.op ?? 'add'))

function outcomeOf(document: Json, patch: readonly unknown[]): object {
  try {
    return { document: applyPatches(structuredClone(document), patch as readonly Patch[]) }
  } catch (error) {
    return { error: error instanceof TypeError }
  }
}

test('the public cases are there: as many as their source has', () => {
  expect([cases.length, ours.length, others.length]).toEqual([91, 62, 29])
})

test.each(
  ours.map((item, index) => [index, item.comment ?? JSON.stringify(item.patch), item] as const),
)('public case %i, %s, ends as it says', (_index, _title, { doc, patch, expected, error }) => {
  const outcome = error === undefined ? { document: expected ?? doc } : { error: true }
  expect(outcomeOf(doc, patch)).toEqual(outcome)
})

test.each(others.map((item, index) => [index, JSON.stringify(item.patch[0]), item] as const))(
  'public case %i, %s, is refused: a sequence holds add, replace and remove alone',
  (_index, _title, { doc, patch }) => {
    const document = structuredClone(doc)
    expect(() => applyPatches(document, patch as unknown as readonly Patch[])).toThrow(TypeError)
    expect(document).toEqual(doc)
  },
)
