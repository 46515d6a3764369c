import fc from 'fast-check'
import { slots, type Step, type Value } from './recipe.ts'

const name = fc.constantFrom('a', 'b', 'c', '0', 'x/y~z', '', 'toString', 'constructor', 'length')

/** JSON documents with few names, so that recipes meet what they look for. */
export const arbitraryJson: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown; container: unknown }>(
  (tie) => ({
    any: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'json' },
      fc.constantFrom(null, true, false, 0, 1, -1.5, '', 'text'),
      fc.array(tie('any'), { maxLength: 4, depthIdentifier: 'json' }),
      fc.dictionary(name, tie('any'), {
        maxKeys: 4,
        depthIdentifier: 'json',
        noNullPrototype: true,
      }),
    ),
    container: fc.oneof(
      fc.array(tie('any'), { maxLength: 4, depthIdentifier: 'json' }),
      fc.dictionary(name, tie('any'), {
        minKeys: 1,
        maxKeys: 5,
        depthIdentifier: 'json',
        noNullPrototype: true,
      }),
    ),
  }),
).container

const json = fc.oneof(fc.constantFrom<unknown>(null, 1, 'new'), arbitraryJson)
const slot = fc.nat(slots - 1)
const small = fc.nat(6)

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.record({ from: fc.constant('json'), json }),
  fc.record({ from: fc.constant('slot'), slot }),
  fc.record({ from: fc.constant('wrap'), slot, json }),
  fc.record({ from: fc.constant('spread'), slot, json }),
)
const values = fc.array(value, { maxLength: 3 })

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('hold'),
      slot: fc.integer({ min: 1, max: slots - 1 }),
      picks: fc.array(small, { maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('set'), at: slot, key: fc.oneof(small, name), value }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), at: slot, key: small }) },
  fc.record({ do: fc.constant('assign'), at: slot, value }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('push', 'unshift'), at: slot, values }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('pop', 'shift'),
      at: slot,
      slot: fc.integer({ min: 1, max: slots - 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('splice'),
      at: slot,
      index: small,
      count: fc.nat(3),
      values,
      slot: fc.integer({ min: 1, max: slots - 1 }),
    }),
  },
  fc.record({ do: fc.constant('length'), at: slot, length: small }),
  fc.record({ do: fc.constantFrom('sort', 'reverse', 'swap'), at: slot }),
  fc.record({ do: fc.constant('fill'), at: slot, value, from: small }),
  fc.record({ do: fc.constant('copyWithin'), at: slot, to: fc.nat(3), from: fc.nat(3) }),
  fc.record({ do: fc.constant('filter'), at: slot, key: small, parity: fc.nat(1) }),
  fc.record({ do: fc.constant('look'), at: slot }),
)

export const arbitraryRecipe: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 14 })

const at = fc.constant(0)
const few = fc.array(value, { maxLength: 2 })

/** Recipes that do one thing after another to the same array, often at the same places. */
export const arbitraryArrayRecipe: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constantFrom('push', 'unshift'), at, values: few }),
    fc.record({ do: fc.constantFrom('pop', 'shift'), at, slot: fc.constant(2) }),
    fc.record({
      do: fc.constant('splice'),
      at,
      index: fc.nat(9),
      count: fc.nat(3),
      values: few,
      slot: fc.constant(3),
    }),
    fc.record({ do: fc.constant('set'), at, key: fc.nat(9), value }),
    fc.record({ do: fc.constantFrom('reverse', 'swap'), at }),
    fc.record({ do: fc.constant('length'), at, length: fc.nat(9) }),
    fc.record({ do: fc.constant('hold'), slot: fc.constant(2), picks: fc.tuple(small) }),
    fc.record({ do: fc.constant('set'), at: fc.constant(2), key: name, value }),
  ),
  { maxLength: 30 },
)
