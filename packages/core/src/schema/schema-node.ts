import { z } from 'zod'
import { type Container, isContainer } from '../container.ts'

type Schema = z.core.$ZodType

/** What stands below a free place. */
const anything = z.unknown()

/**
 * How a schema lets one look inside: `object`, `record`, `array` and `tuple` have children with
 * schemas of their own; `union` is a discriminated union, which is one of its options; `free` is
 * z.any() and z.unknown(), where anything may stand below; `closed` is everything else: a leaf, a
 * codec, a plain union, a transform. A closed one is only ever checked and written whole.
 */
export type SchemaKind = 'object' | 'record' | 'array' | 'tuple' | 'union' | 'free' | 'closed'

/** One place of a schema: a zod schema with its wrappers (optional, default, lazy, …) seen through. */
export class SchemaNode {
  /** With its wrappers: what a value at this place has to satisfy. */
  readonly schema: Schema
  readonly kind: SchemaKind
  /** Whether a check stands here, which may look at everything below. */
  readonly isChecked: boolean
  /** Whether a key with this schema may be missing from its object. */
  readonly isOptional: boolean
  readonly #inner: Schema
  readonly #known: Map<Schema, SchemaNode>
  #traits: { hasCodec: boolean; hasTransform: boolean } | undefined

  constructor(schema: Schema, known: Map<Schema, SchemaNode> = new Map()) {
    this.schema = schema
    this.#known = known
    known.set(schema, this)
    const { inner, isChecked } = unwrap(schema)
    this.#inner = inner
    this.isChecked = isChecked
    this.kind = kindOf(inner)
    this.isOptional = schema._zod.optout === 'optional'
  }

  /** Whether the stored form may differ from the one in memory, here or below. */
  get hasCodec(): boolean {
    return this.#traitsBelow.hasCodec
  }

  /** Whether a one-way transform stands here or below. */
  get hasTransform(): boolean {
    return this.#traitsBelow.hasTransform
  }

  /**
   * The place at `key` of `container`, a value at this place; `unknown` where the schema does not
   * speak of the key but lets it pass, `refused` where it forbids it. Only for kinds with children.
   */
  child(key: string | number, container: Container): SchemaNode | 'unknown' | 'refused' {
    const def = (this.#inner as z.core.$ZodTypes)._zod.def
    switch (def.type) {
      case 'object': {
        const member = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined
        if (member) return this.#at(member)
        if (def.catchall === undefined) return 'unknown'
        return isNever(def.catchall) ? 'refused' : this.#at(def.catchall)
      }
      case 'record':
        return this.#at(def.valueType)
      case 'array':
        return this.#at(def.element)
      case 'tuple': {
        const item = def.items[Number(key)] ?? def.rest
        return item ? this.#at(item) : 'refused'
      }
      case 'union':
        return this.option(container)?.child(key, container) ?? 'unknown'
      default:
        return this.#at(anything)
    }
  }

  /** For a discriminated union: the option that `value` is of, or undefined when it is of none. */
  option(value: unknown): SchemaNode | undefined {
    const def = (this.#inner as z.core.$ZodDiscriminatedUnion)._zod.def
    if (this.kind !== 'union' || !isContainer(value)) return undefined
    const tag = value[def.discriminator]
    const options = def.options.filter((option) => {
      const values = option._zod.propValues?.[def.discriminator]
      return values !== undefined && (values as Set<unknown>).has(tag)
    })
    const only = options.length === 1 ? options[0] : undefined
    return only ? this.#at(only) : undefined
  }

  /** For a discriminated union: the key that tells its options apart. */
  get discriminator(): string | undefined {
    return this.kind === 'union'
      ? (this.#inner as z.core.$ZodDiscriminatedUnion)._zod.def.discriminator
      : undefined
  }

  /** For a record: what its keys have to satisfy. */
  get keySchema(): Schema | undefined {
    const def = (this.#inner as z.core.$ZodTypes)._zod.def
    return def.type === 'record' ? def.keyType : undefined
  }

  get #traitsBelow(): { hasCodec: boolean; hasTransform: boolean } {
    this.#traits ??= traitsOf(this.schema)
    return this.#traits
  }

  #at(schema: Schema): SchemaNode {
    return this.#known.get(schema) ?? new SchemaNode(schema, this.#known)
  }
}

function unwrap(schema: Schema): { inner: Schema; isChecked: boolean } {
  let inner = schema
  let isChecked = false
  for (let depth = 0; depth < 100; depth++) {
    const def = (inner as z.core.$ZodTypes)._zod.def
    isChecked ||= (def.checks?.length ?? 0) > 0
    switch (def.type) {
      case 'optional':
      case 'nullable':
      case 'nonoptional':
      case 'default':
      case 'prefault':
      case 'readonly':
        inner = def.innerType
        break
      case 'lazy':
        inner = def.getter()
        break
      default:
        return { inner, isChecked }
    }
  }
  return { inner, isChecked }
}

function kindOf(inner: Schema): SchemaKind {
  const def = (inner as z.core.$ZodTypes)._zod.def
  // An overwrite (trim, …) changes what it stands on when it is written: only the whole can be.
  if (def.checks?.some((check) => check._zod.def.check === 'overwrite')) return 'closed'
  switch (def.type) {
    case 'object':
    case 'array':
    case 'tuple':
      return def.type
    case 'record':
      return isOpenRecord(def) ? 'record' : 'closed'
    case 'union':
      return 'discriminator' in def ? 'union' : 'closed'
    case 'any':
    case 'unknown':
      return 'free'
    default:
      return 'closed'
  }
}

/** A record with free string keys; one with listed keys has to be checked for missing ones. */
function isOpenRecord(def: z.core.$ZodRecordDef): boolean {
  const key = (def.keyType as z.core.$ZodTypes)._zod
  const isChanged = key.def.checks?.some((check) => check._zod.def.check === 'overwrite')
  const mode = (def as { mode?: string }).mode
  return key.def.type === 'string' && !isChanged && mode !== 'loose' && !('coerce' in key.def && key.def.coerce)
}

function isNever(schema: Schema): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'never'
}

function traitsOf(root: Schema): { hasCodec: boolean; hasTransform: boolean } {
  const traits = { hasCodec: false, hasTransform: false }
  const seen = new Set<Schema>([root])
  for (const schema of seen) {
    const def = (schema as z.core.$ZodTypes)._zod.def
    if (def.type === 'transform' || def.type === 'success') traits.hasTransform = true
    // A codec is a pipe that knows its way back.
    if (def.type === 'pipe' && 'reverseTransform' in def) traits.hasCodec = true
    // These have no JSON form, so a codec, or an error, stands above them; never write them as they are.
    if (def.type === 'date' || def.type === 'bigint' || def.type === 'map' || def.type === 'set') {
      traits.hasCodec = true
    }
    for (const below of schemasBelow(def)) seen.add(below)
  }
  return traits
}

function schemasBelow(def: z.core.$ZodTypes['_zod']['def']): Schema[] {
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
      return [...def.options]
    case 'intersection':
      return [def.left, def.right]
    case 'pipe':
      return [def.in, def.out]
    case 'lazy':
      return [def.getter()]
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
