import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyPatches } from '../src/apply-patches.ts'
import type { Json } from '../src/json.ts'
import { netPatches } from '../src/net-patches.ts'
import type { Patch } from '../src/patch.ts'
import { openCounter } from './support/open-counter.ts'

const seed = 20_261_123
const document: Json = { a: { x: 0, y: [1] }, l: [0, { x: 0 }, 2], n: 0 }
// Few places, each above, below or beside another: the same ones are struck again and again.
const inner = ['/a/x', '/a/y/0', '/l/0', '/l/1', '/l/1/x', '/l/2', '/n']
const outer = ['', '/a', '/a/y', '/l']
const arbitraryPath = fc.oneof(
  { arbitrary: fc.constantFrom(...inner), weight: 9 },
  { arbitrary: fc.constantFrom(...outer), weight: 1 },
)
const values: readonly Json[] = [1, 'text', null, { x: 5, y: [7] }, [3, { x: 4 }, 5], document]

const arbitraryPatch: fc.Arbitrary<Patch> = fc
  .record({
    op: fc.constantFrom('replace', 'replace', 'replace', 'add', 'remove'),
    path: arbitraryPath,
    value: fc.constantFrom(...values),
  })
  .map(({ op, path, value }): Patch => {
    if (op === 'remove') return { op, path }
    return { op: op === 'add' ? op : 'replace', path, value: structuredClone(value) }
  })

/** Those of `patches` that can follow each other from `document` on. */
function possible(patches: readonly Patch[]): Patch[] {
  let current = structuredClone(document)
  const followed: Patch[] = []
  for (const patch of patches) {
    try {
      current = applyPatches(structuredClone(current), [structuredClone(patch)])
      followed.push(patch)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return followed
}

function textAfter(patches: readonly Patch[]): string {
  return JSON.stringify(applyPatches(structuredClone(document), structuredClone([...patches])))
}

it('what is left of patches makes the same document as all of them, to the order of keys', () => {
  let leftOut = 0
  fc.assert(
    fc.property(fc.array(arbitraryPatch, { maxLength: 30 }), (drawn) => {
      const patches = possible(drawn)
      const net = netPatches(patches)
      leftOut += patches.length - net.length
      expect(textAfter(net)).toBe(textAfter(patches))
    }),
    { seed, numRuns: 5000 },
  )
  expect(leftOut).toBeGreaterThan(500)
})

it('a leaf that is replaced again is left out, whatever else is replaced between', () => {
  const patches: Patch[] = [
    { op: 'replace', path: '/n', value: 1 },
    { op: 'replace', path: '/a/x', value: 1 },
    { op: 'replace', path: '/n', value: 2 },
    { op: 'replace', path: '/n', value: 3 },
  ]
  expect(netPatches(patches)).toEqual(patches.filter((_, index) => index === 1 || index === 3))
})

it('patches that have all a place of their own are given as they are', () => {
  const patches: Patch[] = [
    { op: 'replace', path: '/n', value: 1 },
    { op: 'replace', path: '/l/0', value: 1 },
  ]
  expect(netPatches(patches)).toBe(patches)
})

it('updates that are committed together tell everything where each changes a container of its own', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void (draft.m['a'] = 1))
  await Promise.all([
    state.update((draft) => void (draft.n = 10)),
    state.update((draft) => void (draft.m['a'] = 20)),
  ])
  const { patches = [] } = stored.changes.at(-1) ?? {}
  expect(patches.map(({ path }) => path)).toEqual(['/n', '/m/a'])
  await Promise.all([
    state.update((draft) => void (draft.n = 11)),
    state.update((draft) => void (draft.m['a'] = 21)),
    state.update((draft) => void (draft.n = 12)),
  ])
  expect(stored.changes.at(-1)?.patches).toEqual([
    { op: 'replace', path: '/m/a', value: 21 },
    { op: 'replace', path: '/n', value: 12 },
  ])
})

it('updates that are committed together tell a leaf that each of them replaces once', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  const told: (readonly Patch[])[] = []
  state.subscribe(({ patches }) => void told.push(patches))
  const results = await Promise.all(Array.from({ length: 64 }, () => state.update((d) => ++d.n)))
  expect(results).toEqual(Array.from({ length: 64 }, (_, index) => index + 2))
  const once = [{ op: 'replace', path: '/n', value: 65 }]
  expect(told).toEqual([once])
  expect(stored.changes.at(-1)?.patches).toEqual(once)
  expect(stored.document).toMatchObject({ n: 65 })
})
