import type { z } from 'zod'
import { HoldfastError } from '../error.ts'
import { type Definition, definitionOf } from './definition.ts'

type Schema = z.core.$ZodType

/** What holds of a schema or of anything below it. */
export interface SchemaTraits {
  /** The stored form may differ from the one in memory. */
  readonly hasCodec: boolean
  /** There is a transform without a way back. */
  readonly hasTransform: boolean
  /** Reading may put something in the place of what is stored, or of nothing: a default, a trim. */
  readonly mayFillIn: boolean
  /** z.readonly() stands somewhere, which freezes what another schema lets through as it is. */
  readonly isFreezing: boolean
  /** There is an object that drops the keys it does not know. */
  readonly isStripping: boolean
}

/** More schemas than anybody writes: a lazy one that makes a new one at each level never ends. */
const mostSchemas = 10_000

/**
 * Looks through `root` and all schemas below it.
 * @throws HoldfastError `CONFIG` for a schema without end.
 */
export function traitsOf(root: Schema): SchemaTraits {
  const below = schemasFrom(root)
  const definitions = [...below.keys()].map((schema) => definitionOf(schema))
  const has = (holds: (def: Definition) => boolean): boolean => definitions.some(holds)
  return {
    hasCodec: has(isCodec),
    hasTransform: has(({ type }) => type === 'transform' || type === 'success'),
    mayFillIn: has(fillsIn),
    isFreezing: has(({ type }) => type === 'readonly'),
    isStripping: has(isStripping),
  }
}

/** Every schema from `root` on, each with those directly below it. */
function schemasFrom(root: Schema): ReadonlyMap<Schema, readonly Schema[]> {
  const found = new Map<Schema, readonly Schema[]>()
  const open = [root]
  for (let schema = open.pop(); schema; schema = open.pop()) {
    if (found.has(schema)) continue
    const below = schemasBelow(schema)
    found.set(schema, below)
    open.push(...below)
    if (found.size > mostSchemas) {
      const message = 'the schema has no end: a z.lazy() in it makes a new schema at each level'
      throw new HoldfastError('CONFIG', message)
    }
  }
  return found
}

/** What a lazy schema stands for: not by its getter, which may make a new schema at each call. */
export function lazyInner(schema: Schema): Schema {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its definition said that it is one
  return (schema as z.core.$ZodLazy)._zod.innerType
}

/** Whether a check changes what it stands on: trim, toLowerCase, overwrite. */
export function hasOverwrite(def: Definition): boolean {
  return def.checks?.some((check) => check._zod.def.check === 'overwrite') ?? false
}

/** Whether this is an object that drops the keys it does not know. */
export function isStripping(def: Definition): boolean {
  return def.type === 'object' && def.catchall === undefined
}

function isCodec(def: Definition): boolean {
  // A codec is a pipe that knows its way back.
  if (def.type === 'pipe') return 'reverseTransform' in def
  // These have no JSON form, so a codec, or an error, stands above them; never write them as they are.
  return def.type === 'date' || def.type === 'bigint' || def.type === 'map' || def.type === 'set'
}

function fillsIn(def: Definition): boolean {
  if (def.type === 'default' || def.type === 'prefault' || def.type === 'catch') return true
  return hasOverwrite(def) || ('coerce' in def && (def.coerce ?? false))
}

function schemasBelow(schema: Schema): readonly Schema[] {
  const def = definitionOf(schema)
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
      return [lazyInner(schema)]
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
