import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { arbitraryEdit, type RandomEdit } from './support/arbitrary-edit.ts'
import { arbitrarySchema, type Conversion, type SchemaCase } from './support/arbitrary-schema.ts'
import { describeSchema } from './support/describe-schema.ts'
import {
  assertUndoable,
  DocumentTrio,
  fits,
  fullyEncoded,
  withUnknown,
} from './support/document-trio.ts'

interface Scenario {
  readonly schema: z.ZodType
  readonly value: unknown
  readonly others: readonly unknown[]
  readonly recipes: readonly (readonly RandomEdit[])[]
  /** Whether the stored document has keys that the schema does not know, where it lets them be. */
  readonly hasUnknown: boolean
}

function arbitraryScenario(conversion: Conversion): fc.Arbitrary<Scenario> {
  const recipe = fc.array(arbitraryEdit, { minLength: 1, maxLength: 3 })
  return arbitrarySchema(conversion, 3).chain(({ schema, value }: SchemaCase) =>
    fc
      .record({
        value,
        hasUnknown: fc.boolean(),
        others: fc.array(value, { minLength: 1, maxLength: 2 }),
        recipes: fc.array(recipe, { minLength: 1, maxLength: 3 }),
      })
      .map((parts) => ({
        schema,
        ...parts,
        [fc.toStringMethod]: () => toldScenario(schema, parts),
      })),
  )
}

function toldScenario(schema: z.ZodType, parts: Omit<Scenario, 'schema'>): string {
  const recipes = parts.recipes.map((edits) =>
    edits.map(({ value, ...edit }) => ({ ...edit, value: value() })),
  )
  return `${describeSchema(schema)}\n${inspect({ ...parts, recipes }, { depth: Infinity })}`
}

const seed = 20_261_122
const numRuns = 1000

test.each(['codecs', 'transforms'] as const)(
  'with %s, a change is accepted and stored exactly as if the whole document were checked and written',
  (conversion) => {
    const tally = { accepted: 0, refused: 0 }
    const property = fc.property(arbitraryScenario(conversion), (scenario) => {
      const { schema, value, others, recipes, hasUnknown } = scenario
      const first = fullyEncoded(schema, value, conversion)
      fc.pre(first !== undefined)
      const sprinkled = withUnknown(first)
      const isFit = hasUnknown && fits(schema, sprinkled)
      const trio = new DocumentTrio(schema, conversion, isFit ? sprinkled : first)
      for (const [index, edits] of recipes.entries()) {
        const other = others[index % others.length]
        assertUndoable(trio.writer, edits, other)
        trio.change(edits, other)
      }
      tally.accepted += trio.tally.accepted
      tally.refused += trio.tally.refused
    })
    fc.assert(property, { seed, numRuns })
    // Otherwise the scenarios have become too tame to tell anything.
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(numRuns / 3)
  },
)
