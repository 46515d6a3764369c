import type { z } from 'zod'

/** What a schema is made of, as a union to be told apart by `type`. */
export type Definition = z.core.$ZodTypes['_zod']['def']

/** The definition of `schema`. */
export function definitionOf(schema: z.core.$ZodType): Definition {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod's documented way: $ZodTypes is the union of all schemas
  return (schema as z.core.$ZodTypes)._zod.def
}
