import fc from 'fast-check'
import { test, expect } from 'vitest'
import { applyPatches, type Json, type JsonObject } from '../../src/index.ts'
import { EffectLedger, type LedgerStep } from '../../src/effects/effect-ledger.ts'
import { isSettled } from '../../src/effects/intent.ts'
import { parsePointer } from '../../src/pointer.ts'

const seed = 20_261_123

interface Doing {
  readonly kind: 'intend' | 'settle' | 'withdraw' | 'countAttempt'
  readonly name: string
  readonly id: string
  readonly count: number
}

const doing = fc.record<Doing>({
  kind: fc.constantFrom('intend', 'settle', 'settle', 'withdraw', 'countAttempt'),
  name: fc.constantFrom('order', 'cancel'),
  id: fc.constantFrom('1', '2', '3', 'a/b', '__proto__', 'a:~b'),
  count: fc.integer({ min: 1, max: 3 }),
})

/** Does `what` where it makes sense; each at a moment of its own. */
function perform(ledger: EffectLedger, what: Doing, moment: number): LedgerStep | undefined {
  const { kind, name, id, count } = what
  const at = new Date(moment).toISOString()
  const known = ledger.get(name, id)
  if (kind === 'intend') {
    if (known) return undefined
    return ledger.intend(name, id, `token-${moment}`, { input: { moment }, at, attempts: 1 })
  }
  if (!known || isSettled(known)) return undefined
  if (kind === 'withdraw') return ledger.withdraw(name, id, known)
  if (kind === 'countAttempt') return ledger.countAttempt(name, id, known)
  return ledger.settle(name, id, known, { at, result: moment }, { count, since: '' })
}

function stored(ledger: EffectLedger): JsonObject {
  const section = ledger.stored()
  return section ? { $holdfast: section } : {}
}

/** What is kept, and the order in which the settled ones of each effect will go. */
function contents(ledger: EffectLedger): unknown {
  const effects = Object.entries((ledger.stored()?.['effects'] ?? {}) as JsonObject)
  const settled = effects.flatMap(([place, intent]) => (hasResult(intent) ? place : []))
  return [
    stored(ledger),
    settled.filter((place) => place.startsWith('order:')),
    settled.filter((place) => place.startsWith('cancel:')),
  ]
}

function hasResult(intent: Json): boolean {
  return Object.hasOwn(intent as JsonObject, 'settled')
}

test('what a step tells in patches is what it did, for a document and for another ledger', () => {
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 30 }), (doings) => {
      const ledger = new EffectLedger()
      const follower = new EffectLedger()
      let document: Json = {}
      for (const [moment, what] of doings.entries()) {
        const patches = structuredClone(perform(ledger, what, moment)?.patches ?? [])
        for (const patch of patches) follower.apply(parsePointer(patch.path).slice(1), patch)
        document = applyPatches(document, structuredClone(patches))
        expect(document).toEqual(stored(ledger))
        expect(contents(follower)).toEqual(contents(ledger))
      }
      const loaded = new EffectLedger()
      loaded.load((document as JsonObject)['$holdfast'])
      expect(stored(loaded)).toEqual(stored(ledger))
    }),
    { seed },
  )
})

test('undone steps leave no trace, not even in the order in which ids are forgotten', () => {
  fc.assert(
    fc.property(
      fc.array(doing, { maxLength: 30 }),
      fc.array(doing, { maxLength: 30 }),
      (before, taken) => {
        const ledger = new EffectLedger()
        for (const [moment, what] of before.entries()) perform(ledger, what, moment)
        const kept = contents(ledger)
        const steps = taken.flatMap((what, index) => perform(ledger, what, 100 + index) ?? [])
        const done = contents(ledger)
        for (const step of steps.toReversed()) step.undo()
        expect(contents(ledger)).toEqual(kept)
        for (const step of steps) step.redo()
        expect(contents(ledger)).toEqual(done)
      },
    ),
    { seed },
  )
})
