import * as fc from 'fast-check'
import { z } from 'zod'
import { bigintText, dateText } from '../../src/codecs.ts'
import { Decimal, decimalInstance } from './decimal.ts'

/** A schema and values in memory that mostly satisfy it: its refinements may still refuse them. */
export interface SchemaCase {
  readonly schema: z.ZodType
  readonly value: fc.Arbitrary<unknown>
}

type Cases = fc.Arbitrary<SchemaCase>

/** Which of the two kinds of schema that do not go together a document uses. */
export type Conversion = 'codecs' | 'transforms'

/** Any JSON value, small. */
export const smallJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, 1, 7, -3, 'x', 'Yes', '', true, null),
  fc.array(fc.constantFrom(1, 'x', null), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'kind'), fc.constantFrom(1, 'x', 'one'), { maxKeys: 2 }),
)

const text = fc.constantFrom('x', 'yes', 'no', 'long text', '5')
const integer = fc.integer({ min: -3, max: 9 })
const date = fc.constantFrom(0, 1_700_000_000_000, 86_400_000).map((at) => new Date(at))
const bigint = fc.constantFrom(0n, 5n, -7n, 2n ** 70n)
const decimals = fc.constantFrom(0n, 1050n, -99n).map((cents) => new Decimal(cents))
const map = fc.array(fc.tuple(text, integer), { maxLength: 2 }).map((pairs) => new Map(pairs))

const mapText = z.codec(z.array(z.tuple([z.string(), z.number()])), z.map(z.string(), z.number()), {
  decode: (pairs) => new Map(pairs),
  encode: (value) => [...value],
})

const inCents = z.codec(z.object({ cents: z.int() }), z.object({ whole: z.number() }), {
  decode: ({ cents }) => ({ whole: cents / 100 }),
  encode: ({ whole }) => ({ cents: Math.round(whole * 100) }),
})

const plainLeaves: readonly SchemaCase[] = [
  { schema: z.string(), value: text },
  { schema: z.string().min(1).trim().toLowerCase(), value: text },
  { schema: z.number(), value: integer },
  { schema: z.int().min(0), value: fc.nat(9) },
  { schema: z.boolean(), value: fc.boolean() },
  { schema: z.literal(['one', 'two', 3]), value: fc.constantFrom('one', 'two', 3) },
  { schema: z.enum(['yes', 'no']), value: fc.constantFrom('yes', 'no') },
  { schema: z.any(), value: smallJson },
  { schema: z.unknown().readonly(), value: smallJson },
  { schema: z.union([z.string(), z.number()]), value: fc.oneof(text, integer) },
]

const leaves: Readonly<Record<Conversion, readonly SchemaCase[]>> = {
  codecs: [
    ...plainLeaves,
    { schema: bigintText, value: bigint },
    { schema: dateText.readonly(), value: date },
    { schema: decimalInstance, value: decimals },
    { schema: z.union([z.number(), bigintText, dateText]), value: fc.oneof(integer, bigint, date) },
    { schema: mapText, value: map },
    { schema: inCents, value: integer.map((whole) => ({ whole })) },
  ],
  transforms: [
    ...plainLeaves,
    { schema: z.string().transform((value) => value.toUpperCase()), value: fc.constant('LOUD') },
    { schema: z.preprocess((value) => (value === 5 ? '5' : value), z.string()), value: text },
  ],
}

/** A key that no schema knows by name. */
export const unknownKey = 'from elsewhere'

/** A number that every part of a document has a share in: something for a refinement to look at. */
function weigh(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.abs(Math.trunc(value)) : 0
  if (typeof value !== 'object' || value === null) return 1
  // What the schema does not know is not there for a check either.
  const known = Object.entries(value).filter(([key]) => key !== unknownKey)
  const members: unknown[] = known.map(([, member]) => member)
  return members.reduce<number>((sum, member) => sum + 2 * weigh(member), members.length)
}

function refined({ schema, value }: SchemaCase): SchemaCase {
  return { schema: schema.refine((whole) => weigh(whole) % 5 !== 4, 'ill weighed'), value }
}

const names = ['a', 'b', 'c/d~'] as const

/** A member of an object: required, optional, or with something that stands in for it. */
function asMember(
  { schema, value }: SchemaCase,
  way: number,
): SchemaCase & { isOptional: boolean } {
  if (way === 0) return { schema: schema.optional(), value, isOptional: true }
  if (way === 1) return { schema: z.nullable(schema), value, isOptional: false }
  if (way === 2) return { schema: z.optional(schema).readonly(), value, isOptional: true }
  return { schema, value, isOptional: false }
}

function objectOf(
  members: readonly SchemaCase[],
  ways: readonly number[],
  mode: number,
): SchemaCase {
  const wrapped = members.map((member, index) => asMember(member, ways[index] ?? 9))
  const shape = Object.fromEntries(wrapped.map(({ schema }, index) => [names[index], schema]))
  const values = Object.fromEntries(wrapped.map(({ value }, index) => [names[index], value]))
  const requiredKeys: string[] = names.filter((_, index) => wrapped[index]?.isOptional === false)
  const plain = z.object(shape)
  const schema = [plain, plain.strict(), plain.loose(), plain.catchall(z.number())][mode] ?? plain
  return { schema, value: fc.record<Record<string, unknown>>(values, { requiredKeys }) }
}

function discriminated(options: readonly SchemaCase[], isNested: boolean): SchemaCase {
  const kinds = ['one', 'two', 'three'].slice(0, options.length)
  const shape = (index: number) => ({
    kind: z.literal(kinds[index]),
    ...(options[index] && { a: options[index].schema }),
  })
  const [first, ...rest] = kinds.map((_, index) => z.object(shape(index)))
  if (!first) return { schema: z.null(), value: fc.constant(null) }
  const byKind = z.discriminatedUnion('kind', [
    first.refine((value) => weigh(value) % 7 !== 3),
    ...rest,
  ])
  const value = fc.oneof(
    ...kinds.map((kind, index) =>
      fc.record({ kind: fc.constant(kind), a: options[index]?.value ?? text }),
    ),
  )
  if (!isNested) return { schema: byKind, value }
  const inner = z.discriminatedUnion('a', [
    z.object({ kind: z.literal('inner'), a: z.literal('x'), b: bigintOrNumber }),
    z.object({ kind: z.literal('inner'), a: z.literal('yes'), c: z.boolean() }),
  ])
  const innerValue = fc.oneof(
    integer.map((b) => ({ kind: 'inner', a: 'x', b })),
    fc.boolean().map((c) => ({ kind: 'inner', a: 'yes', c })),
  )
  const outer = z.discriminatedUnion('kind', [byKind, inner])
  return { schema: outer, value: fc.oneof(value, innerValue) }
}

const bigintOrNumber = z.union([z.number(), z.string()])

function tree({ schema, value }: SchemaCase): SchemaCase {
  const node: z.ZodType = z.object({
    a: schema,
    get b() {
      return z.array(z.lazy(() => node)).max(3)
    },
  })
  const twig = fc.record({ a: value, b: fc.constant([]) })
  const branch = fc.record({ a: value, b: fc.array(twig, { maxLength: 2 }) })
  const grown = fc.record({ a: value, b: fc.array(branch, { maxLength: 2 }) })
  return { schema: node, value: grown }
}

function composite(below: Cases): Cases {
  const several = fc.array(below, { minLength: 1, maxLength: 3 })
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(several, fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), fc.nat(4))
        .map(([members, ways, mode]) => objectOf(members, ways, mode)),
    },
    {
      weight: 2,
      arbitrary: below.map(({ schema, value }) => ({
        schema: z.record(z.string().max(4), schema),
        value: fc.dictionary(fc.constantFrom('a', 'b', 'k'), value, { maxKeys: 3 }),
      })),
    },
    below.map(({ schema, value }) => ({
      schema: z.partialRecord(z.enum(names), schema),
      value: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }),
    })),
    {
      weight: 2,
      arbitrary: below.map(({ schema, value }) => ({
        schema: z.array(schema),
        value: fc.array(value, { maxLength: 4 }),
      })),
    },
    fc.tuple(below, below).map(([first, second]) => ({
      schema: z.tuple([first.schema, second.schema], second.schema),
      value: fc
        .tuple(first.value, second.value, fc.array(second.value, { maxLength: 2 }))
        .map(([one, two, rest]) => [one, two, ...rest]),
    })),
    {
      weight: 2,
      arbitrary: fc
        .tuple(several, fc.boolean())
        .map(([options, isNested]) => discriminated(options, isNested)),
    },
    fc.tuple(below, below).map(([first, second]) => ({
      schema: z.union([
        z.object({ a: first.schema }),
        z.object({ b: second.schema }),
        z.array(second.schema),
      ]),
      value: fc.oneof(
        fc.record({ a: first.value }),
        fc.record({ b: second.value }),
        fc.array(second.value, { maxLength: 2 }),
      ),
    })),
    below.map((item) => tree(item)),
    // Without codecs: a loose side would let the decoded form pass beside the encoded one.
    fc.constantFrom(...plainLeaves).map(({ schema, value }) => ({
      schema: z.intersection(z.looseObject({ a: schema }), z.looseObject({ b: z.number() })),
      value: fc.record({ a: value, b: integer }),
    })),
    below.map(({ schema, value }) => ({ schema: schema.readonly(), value })),
    below.map(({ schema, value }) => ({ schema: schema.nullable(), value: fc.option(value) })),
    below.map((item) => refined(item)),
  )
}

/** Schemas of documents, up to `depth` levels deep. */
export function arbitrarySchema(conversion: Conversion, depth: number): Cases {
  const leaf = fc.constantFrom(...leaves[conversion])
  if (depth === 0) return leaf
  const below = arbitrarySchema(conversion, depth - 1)
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: composite(below) })
}
