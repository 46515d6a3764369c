import { z } from 'zod'
import { isContainer } from '../container.ts'
import { type Definition, definitionOf } from './definition.ts'
import {
  hasOverwrite,
  isStripping,
  lazyInner,
  type SchemaTraits,
  traitsOf,
} from './schema-traits.ts'

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
  /**
   * The checks that stand here, alone: a schema that lets everything pass that they do. They may look
   * at all that is below, which need not be visited for them.
   */
  readonly checks: Schema | undefined = undefined
  /** Of the schema without its wrappers. */
  readonly #definition: Definition
  readonly #known: Map<Schema, SchemaNode>
  readonly #alone: readonly [SchemaNode] = [this]
  #traits: SchemaTraits | undefined
  #isPlain: boolean | undefined
  #isVerbatim: boolean | undefined
  #memberKeys: readonly string[] | null | undefined

  constructor(schema: Schema, known: Map<Schema, SchemaNode> = new Map()) {
    this.schema = schema
    this.#known = known
    known.set(schema, this)
    const { inner, checks, isOverwritten } = unwrap(schema)
    this.#definition = definitionOf(inner)
    if (checks.length > 0) this.checks = new z.core.$ZodUnknown({ type: 'unknown', checks })
    // An overwrite (trim, …) changes what it stands on when it is written: only the whole can be.
    this.kind = isOverwritten ? 'closed' : kindOf(inner)
  }

  /** What holds of the schema here or of anything below. */
  get traits(): SchemaTraits {
    this.#traits ??= traitsOf(this.schema)
    return this.#traits
  }

  /** Whether the two forms are one: what is valid is read back as it is, or without unknown keys. */
  get isPlain(): boolean {
    this.#isPlain ??= !(this.traits.hasCodec || this.traits.hasTransform || this.traits.mayFillIn)
    return this.#isPlain
  }

  /** Whether what is valid here is read back as it is, with every key: there is nothing to compare. */
  get isVerbatim(): boolean {
    this.#isVerbatim ??= this.isPlain && !this.traits.isFreezing && !this.traits.isStripping
    return this.#isVerbatim
  }

  /** Whether an object at this place loses the keys that the schema does not know. */
  get isStripping(): boolean {
    return isStripping(this.#definition)
  }

  /**
   * For an object: those of its keys whose members reading may change. Null where that may be any key.
   */
  get memberKeys(): readonly string[] | null {
    if (this.#memberKeys === undefined) this.#memberKeys = this.#findMemberKeys()
    return this.#memberKeys
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

  /** Whether the schema is one of an object, and speaks of `key` by its name. */
  names(key: string): boolean {
    const def = this.#definition
    return def.type === 'object' && Object.hasOwn(def.shape, key)
  }

  /** Whether an object at this place has to have `key`. */
  requires(key: string | number): boolean {
    const def = this.#definition
    if (def.type !== 'object' || !Object.hasOwn(def.shape, key)) return false
    return def.shape[key]?._zod.optout !== 'optional'
  }

  /**
   * The place at `key`; `unknown` where the schema does not speak of the key but lets it pass,
   * `refused` where it forbids it. Only for kinds with children of their own.
   */
  child(key: string | number): SchemaNode | 'unknown' | 'refused' {
    const def = this.#definition
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
    const def = this.#definition
    const isTold = this.kind === 'union' && 'discriminator' in def
    return isTold ? String(def.discriminator) : undefined
  }

  /** For a record: what its keys have to satisfy. */
  get keySchema(): Schema | undefined {
    const def = this.#definition
    return def.type === 'record' ? def.keyType : undefined
  }

  #findMemberKeys(): readonly string[] | null {
    const def = this.#definition
    if (def.type !== 'object') return null
    if (def.catchall !== undefined && !this.#at(def.catchall).isVerbatim) return null
    const members = Object.entries(def.shape)
    return members.filter(([, member]) => !this.#at(member).isVerbatim).map(([key]) => key)
  }

  #option(value: unknown): SchemaNode | undefined {
    const def = this.#definition
    const { discriminator } = this
    if (def.type !== 'union' || discriminator === undefined || !isContainer(value)) return undefined
    const tag = value[discriminator]
    const options = def.options.filter((option) => {
      const values = option._zod.propValues?.[discriminator]
      return values !== undefined && [...values].some((known) => known === tag)
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
  readonly checks: z.core.$ZodCheck[]
  readonly isOverwritten: boolean
}

function unwrap(schema: Schema): Unwrapped {
  let inner = schema
  const checks: z.core.$ZodCheck[] = []
  let isOverwritten = false
  for (;;) {
    const def = definitionOf(inner)
    // From the inside out, as zod runs them.
    checks.unshift(...(def.checks ?? []))
    isOverwritten ||= hasOverwrite(def)
    const below = wrapped(inner)
    if (!below) return { inner, checks, isOverwritten }
    inner = below
  }
}

/** What a schema stands around, where it lets one look inside. */
function wrapped(schema: Schema): Schema | undefined {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return def.innerType
    case 'lazy':
      return lazyInner(schema)
    default:
      return undefined
  }
}

function kindOf(inner: Schema): SchemaKind {
  const def = definitionOf(inner)
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
  const key = definitionOf(def.keyType)
  const isLoose = 'mode' in def && def.mode === 'loose'
  const isCoerced = 'coerce' in key && (key.coerce ?? false)
  return key.type === 'string' && !hasOverwrite(key) && !isLoose && !isCoerced
}

function isNever(schema: Schema): boolean {
  return definitionOf(schema).type === 'never'
}
