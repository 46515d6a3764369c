import { z } from 'zod'
import { isContainer } from '../container.ts'
import { hasOverwrite, type SchemaTraits, traitsOf } from './schema-traits.ts'

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
  readonly #inner: Schema
  readonly #known: Map<Schema, SchemaNode>
  readonly #alone: readonly [SchemaNode] = [this]
  #traits: SchemaTraits | undefined

  constructor(schema: Schema, known: Map<Schema, SchemaNode> = new Map()) {
    this.schema = schema
    this.#known = known
    known.set(schema, this)
    const { inner, isChecked, isOverwritten } = unwrap(schema)
    this.#inner = inner
    this.isChecked = isChecked
    // An overwrite (trim, …) changes what it stands on when it is written: only the whole can be.
    this.kind = isOverwritten ? 'closed' : kindOf(inner)
  }

  /** Whether the stored form may differ from the one in memory, here or below. */
  get hasCodec(): boolean {
    return this.#traitsBelow.hasCodec
  }

  /** Whether a one-way transform stands here or below. */
  get hasTransform(): boolean {
    return this.#traitsBelow.hasTransform
  }

  /** Whether reading may put something in the place of what is stored, or of nothing, here or below. */
  get mayFillIn(): boolean {
    return this.#traitsBelow.mayFillIn
  }

  /**
   * This place as it is for `value`, outermost first: itself and, where it is a discriminated union,
   * the option that `value` is of, which may be such a union again.
   */
  views(value: unknown): readonly [SchemaNode, ...SchemaNode[]] {
    if (this.kind !== 'union') return this.#alone
    const option = this.#option(value)
    return option ? [this, ...option.views(value)] : this.#alone
  }

  /** The innermost view for `value`, when it has children; undefined when `value` is only whole. */
  place(value: unknown): SchemaNode | undefined {
    const innermost = this.kind === 'union' ? this.views(value).at(-1) : this
    return innermost?.kind === 'closed' || innermost?.kind === 'union' ? undefined : innermost
  }

  /** Whether an object at this place has to have `key`. */
  requires(key: string | number): boolean {
    const def = (this.#inner as z.core.$ZodTypes)._zod.def
    if (def.type !== 'object' || !Object.hasOwn(def.shape, key)) return false
    return def.shape[key]?._zod.optout !== 'optional'
  }

  /**
   * The place at `key`; `unknown` where the schema does not speak of the key but lets it pass,
   * `refused` where it forbids it. Only for kinds with children of their own.
   */
  child(key: string | number): SchemaNode | 'unknown' | 'refused' {
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
      default:
        return this.#at(anything)
    }
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

  get #traitsBelow(): SchemaTraits {
    this.#traits ??= traitsOf(this.schema)
    return this.#traits
  }

  #option(value: unknown): SchemaNode | undefined {
    const def = (this.#inner as z.core.$ZodDiscriminatedUnion)._zod.def
    if (!isContainer(value)) return undefined
    const tag = value[def.discriminator]
    const options = def.options.filter((option) => {
      const values = option._zod.propValues?.[def.discriminator]
      return values !== undefined && (values as Set<unknown>).has(tag)
    })
    const only = options.length === 1 ? options[0] : undefined
    return only ? this.#at(only) : undefined
  }

  #at(schema: Schema): SchemaNode {
    return this.#known.get(schema) ?? new SchemaNode(schema, this.#known)
  }
}

interface Unwrapped {
  readonly inner: Schema
  readonly isChecked: boolean
  readonly isOverwritten: boolean
}

function unwrap(schema: Schema): Unwrapped {
  let inner = schema
  let isChecked = false
  let isOverwritten = false
  for (;;) {
    const { def } = (inner as z.core.$ZodTypes)._zod
    isChecked ||= (def.checks?.length ?? 0) > 0
    isOverwritten ||= hasOverwrite(def)
    const below = wrapped(inner as z.core.$ZodTypes)
    if (!below) return { inner, isChecked, isOverwritten }
    inner = below
  }
}

/** What a schema stands around, where it lets one look inside. */
function wrapped(schema: z.core.$ZodTypes): Schema | undefined {
  const { def } = schema._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return def.innerType
    case 'lazy':
      // Not the getter, which may make a new schema at each call.
      return (schema as z.core.$ZodLazy)._zod.innerType
    default:
      return undefined
  }
}

function kindOf(inner: Schema): SchemaKind {
  const def = (inner as z.core.$ZodTypes)._zod.def
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
  const { mode } = def as { mode?: string }
  const isCoerced = 'coerce' in key.def && key.def.coerce === true
  return key.def.type === 'string' && !hasOverwrite(key.def) && mode !== 'loose' && !isCoerced
}

function isNever(schema: Schema): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'never'
}
