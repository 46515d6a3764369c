import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { applyPatches } from '../src/apply-patches.ts'
import { isContainer } from '../src/container.ts'
import { copyJson } from '../src/copy-json.ts'
import { LiveDocument, type Step as Change } from '../src/live-document.ts'
import { arbitraryArrayRecipe, arbitraryJson, arbitraryRecipe } from './support/arbitrary-recipe.ts'
import { Held, PlainDocument } from './support/plain-document.ts'
import { canonicalText, draftHands, plainHands, runRecipe, type Step } from './support/recipe.ts'

const seed = 20_261_123
const document = arbitraryJson.filter((json) => isContainer(json))

function liveDocument(json: unknown): LiveDocument {
  const live = new LiveDocument(z.unknown())
  live.load(copyJson(json), 1)
  return live
}

function runLive(live: LiveDocument, recipe: readonly Step[]): { change: Change; seen: unknown[] } {
  let seen: unknown[] = []
  const change = live.change((draft) => {
    seen = runRecipe(recipe, draft, draftHands)
  })
  return { change, seen }
}

function runPlain(json: unknown, recipe: readonly Step[]): { result: unknown; seen: unknown[] } {
  const plain = new PlainDocument(json)
  const { root } = plain.holder
  const seen = runRecipe(recipe, isContainer(root) ? new Held(root) : root, plainHands(plain))
  return { result: plain.holder.root, seen }
}

it('a recipe does to the document, and sees in it, what it would do and see in a plain object', () => {
  fc.assert(
    fc.property(document, arbitraryRecipe, (json, recipe) => {
      const live = liveDocument(json)
      const { seen } = runLive(live, recipe)
      const plain = runPlain(json, recipe)
      expect(seen).toEqual(plain.seen)
      expect(canonicalText(live.value)).toBe(canonicalText(plain.result))
      expectTree(live.value)
    }),
    { seed, numRuns: 2000 },
  )
})

it('the patches of a recipe turn the old document into the new one, to the order of keys', () => {
  fc.assert(
    fc.property(document, arbitraryRecipe, (json, recipe) => {
      const live = liveDocument(json)
      const { change } = runLive(live, recipe)
      const patched = applyPatches(copyJson(json), change.patches)
      expect(JSON.stringify(patched)).toBe(live.text(0))
    }),
    { seed, numRuns: 2000 },
  )
})

it('many splices of one array are told, undone and done again as exactly', () => {
  const array = fc.array(fc.oneof(fc.nat(2), arbitraryJson), { maxLength: 8 })
  fc.assert(
    fc.property(array, arbitraryArrayRecipe, (json, recipe) => {
      const live = liveDocument(json)
      const { change } = runLive(live, recipe)
      const after = live.text(0)
      expect(canonicalText(live.value)).toBe(canonicalText(runPlain(json, recipe).result))
      expect(JSON.stringify(applyPatches(copyJson(json), change.patches))).toBe(after)
      change.undo()
      expect(canonicalText(live.value)).toBe(canonicalText(json))
      change.redo()
      expect(canonicalText(JSON.parse(after))).toBe(canonicalText(live.value))
    }),
    { seed, numRuns: 1000 },
  )
})

it('a recipe that throws leaves the document as it was, to the order of keys', () => {
  fc.assert(
    fc.property(document, arbitraryRecipe, (json, recipe) => {
      const live = liveDocument(json)
      const before = live.text(0)
      const failure = new Error('at the end')
      expect(() =>
        live.change((draft) => {
          runRecipe(recipe, draft, draftHands)
          throw failure
        }),
      ).toThrow(failure)
      expect(live.text(0)).toBe(before)
    }),
    { seed, numRuns: 2000 },
  )
})

it('undo in reverse order gives each older document back, and redo each newer one', () => {
  const recipes = fc.array(arbitraryRecipe, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(document, recipes, (json, steps) => {
      const live = liveDocument(json)
      const texts = [canonicalText(live.value)]
      const changes = steps.map((recipe) => {
        const { change } = runLive(live, recipe)
        texts.push(canonicalText(live.value))
        return change
      })
      for (const round of [1, 2]) {
        for (const [index, change] of [...changes.entries()].toReversed()) {
          change.undo()
          expect(canonicalText(live.value), `undo, round ${round}`).toBe(texts[index])
        }
        for (const [index, change] of changes.entries()) {
          change.redo()
          expect(canonicalText(live.value), `redo, round ${round}`).toBe(texts[index + 1])
        }
      }
    }),
    { seed, numRuns: 1000 },
  )
})

/** Nothing may stand in the document twice: a later change would show in both places. */
function expectTree(value: unknown, seen: Set<unknown> = new Set()): void {
  if (!isContainer(value)) return
  expect(seen.has(value)).toBe(false)
  seen.add(value)
  for (const member of Object.values(value)) expectTree(member, seen)
}
