import type { z } from 'zod'
import { HoldfastError } from '../error.ts'

type Schema = z.core.$ZodType
type Definition = z.core.$ZodTypes['_zod']['def']

/** What holds of a schema or of anything below it. */
export interface SchemaTraits {
  /** The stored form may differ from the one in memory. */
  readonly hasCodec: boolean
  /** There is a transform without a way back. */
  readonly hasTransform: boolean
  /** Reading may put something in the place of what is stored, or of nothing: a default, a trim. */
  readonly mayFillIn: boolean
}

/** More schemas than anybody writes: a lazy one that makes a new one at each level never ends. */
const mostSchemas = 100_000

/**
 * Looks through `root` and all schemas below it.
 * @throws HoldfastError `CONFIG` for a schema without end.
 */
export function traitsOf(root: Schema): SchemaTraits {
  const traits = { hasCodec: false, hasTransform: false, mayFillIn: false }
  const seen = new Set<Schema>([root])
  for (const schema of seen) {
    const { def } = (schema as z.core.$ZodTypes)._zod
    traits.hasTransform ||= def.type === 'transform' || def.type === 'success'
    traits.hasCodec ||= isCodec(def)
    traits.mayFillIn ||= fillsIn(def)
    for (const below of schemasBelow(schema as z.core.$ZodTypes)) seen.add(below)
    if (seen.size > mostSchemas) {
      const message = 'the schema has no end: a z.lazy() in it makes a new schema at each level'
      throw new HoldfastError('CONFIG', message)
    }
  }
  return traits
}

/** Whether a check changes what it stands on: trim, toLowerCase, overwrite. */
export function hasOverwrite(def: Definition): boolean {
  return def.checks?.some((check) => check._zod.def.check === 'overwrite') ?? false
}

function isCodec(def: Definition): boolean {
  // A codec is a pipe that knows its way back.
  if (def.type === 'pipe') return 'reverseTransform' in def
  // These have no JSON form, so a codec, or an error, stands above them; never write them as they are.
  return def.type === 'date' || def.type === 'bigint' || def.type === 'map' || def.type === 'set'
}

function fillsIn(def: Definition): boolean {
  if (def.type === 'default' || def.type === 'prefault' || def.type === 'catch') return true
  return hasOverwrite(def) || ('coerce' in def && def.coerce === true)
}

function schemasBelow(schema: z.core.$ZodTypes): readonly Schema[] {
  const { def } = schema._zod
  switch (def.type) {
    case 'object':
      return [...Object.values(def.shape), ...(def.catchall ? [def.catchall] : [])]
    case 'record':
    case 'map':
      return [def.keyType, def.valueType]
    case 'set':
      return [def.valueType]
    case 'array':
      return [def.element]
    case 'tuple':
      return [...def.items, ...(def.rest ? [def.rest] : [])]
    case 'union':
      return def.options
    case 'intersection':
      return [def.left, def.right]
    case 'pipe':
      return [def.in, def.out]
    case 'lazy':
      // Not the getter, which may make a new schema at each call.
      return [(schema as z.core.$ZodLazy)._zod.innerType]
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'success':
    case 'promise':
      return [def.innerType]
    default:
      return []
  }
}
