import { z } from 'zod'
import { isContainer } from '../container.ts'
import { HoldfastError } from '../error.ts'
import type { Json } from '../json.ts'

const json = z.custom<Json>((value) => value !== undefined)
const at = z.iso.datetime()

/**
 * One intent as it is stored. Open as long as there is no `settled`. Never changed in memory: another
 * one takes its place.
 */
export interface Intent {
  readonly key: string
  /** In stored form. */
  readonly input: Json
  /** When it was made: ISO 8601, UTC. */
  readonly at: string
  /** How often `run` was, or is about to be, called. */
  readonly attempts: number
  readonly settled?: { readonly at: string; readonly result: Json } | undefined
}

/** An intent with a result. */
export interface SettledIntent extends Intent {
  readonly settled: NonNullable<Intent['settled']>
}

const intentSchema: z.ZodType<Intent> = z.strictObject({
  key: z.string().min(1),
  input: json,
  at,
  attempts: z.int().min(1),
  settled: z.strictObject({ at, result: json }).optional(),
})

/** What stands at the reserved member: intents by place, and what their keys are made with. */
export interface EffectSection {
  /** Random, made with the first intent of a state. */
  readonly salt: string
  /** By `placeOf`. */
  readonly effects: Readonly<Record<string, unknown>>
}

const sectionSchema: z.ZodType<EffectSection> = z.strictObject({
  salt: z.string().min(1),
  effects: z.custom<Record<string, unknown>>(
    (value) => isContainer(value) && !Array.isArray(value),
  ),
})

/** Where the intent of effect `name` and `id` stands: unlike an id, never taken for an array index. */
export function placeOf(name: string, id: string): string {
  return `${name}:${id}`
}

/** The name and the id of a place. */
export function partsOf(place: string): { readonly name: string; readonly id: string } {
  const colon = place.indexOf(':')
  return { name: place.slice(0, colon), id: place.slice(colon + 1) }
}

/** Whether an intent has a result. */
export function isSettled(intent: Intent): intent is SettledIntent {
  return intent.settled !== undefined
}

/**
 * Checks what stands at the reserved member.
 * @throws HoldfastError `CORRUPT`; `NEWER_SCHEMA` where all that is wrong is what this version does not know.
 */
export function parseSection(value: unknown): EffectSection {
  return parse(sectionSchema, value, 'the record of effects')
}

/**
 * Checks one stored intent.
 * @throws HoldfastError as `parseSection`.
 */
export function parseIntent(value: unknown, place: string): Intent {
  if (place.indexOf(':') < 1) throw damaged(`the record of effects has no effect at "${place}"`)
  return parse(intentSchema, value, `the intent "${place}"`)
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { issues } = result.error
  const why = issues.map(({ path, message }) => `${path.join('/')}: ${message}`).join('; ')
  if (issues.some(({ code }) => code !== 'unrecognized_keys')) throw damaged(`${what}: ${why}`)
  const message =
    `${what} has what this version of Holdfast does not know (${why}): a newer one has written it. ` +
    'Nothing was touched: run the newer one'
  throw new HoldfastError('NEWER_SCHEMA', message)
}

function damaged(why: string): HoldfastError {
  const message =
    `${why}. Nothing was changed: put the member $holdfast of the stored document right, or take ` +
    'an older generation'
  return new HoldfastError('CORRUPT', message)
}
