import assert from 'node:assert/strict'
import { inspect, isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { applyPatches } from '../../src/apply-patches.ts'
import { isContainer } from '../../src/container.ts'
import { copyJson } from '../../src/copy-json.ts'
import { HoldfastError } from '../../src/error.ts'
import type { Json } from '../../src/json.ts'
import { LiveDocument, type Step } from '../../src/live-document.ts'
import { parsePointer } from '../../src/pointer.ts'
import { carryOut, copied, type RandomEdit } from './arbitrary-edit.ts'
import { type Conversion, unknownKey } from './arbitrary-schema.ts'

/** What the whole document is in stored form; undefined where zod, or strict JSON, refuses it. */
export function fullyEncoded(
  schema: z.ZodType,
  value: unknown,
  conversion: Conversion,
): Json | undefined {
  const run = conversion === 'codecs' ? z.safeEncode : z.safeParse
  try {
    const result = run(schema, value)
    if (!result.success) return undefined
    const stored = copyJson(result.data)
    // zod's encoding passes over checks on unions; what cannot be read back must not be stored.
    return z.safeParse(schema, copyJson(stored)).success ? stored : undefined
  } catch {
    return undefined
  }
}

const shown = (value: unknown): string => inspect(value, { depth: Infinity })

function at(pointer: string, value: unknown): unknown {
  let place = value
  for (const step of parsePointer(pointer)) {
    if (!isContainer(place) || !Object.hasOwn(place, step)) return undefined
    place = place[step]
  }
  return place
}

/**
 * Whether `error` refuses what zod lets pass with a loss: a key that it drops, or an instance of a
 * class that it takes for a plain object.
 */
function isStricter(error: unknown, plain: unknown, encoded: Json): boolean {
  const [issue] = HoldfastError.is(error, 'INVALID') ? error.issues : []
  if (!issue) return false
  const kept = at(issue.path, encoded)
  if (issue.message.startsWith('the schema does not know')) return kept === undefined
  const isInstance = issue.message.startsWith('an instance of a class')
  return isInstance && isContainer(kept) && !isContainer(at(issue.path, plain))
}

/** `stored` with a key in every object that no schema knows by name. */
export function withUnknown(stored: Json): Json {
  if (Array.isArray(stored)) return stored.map((element) => withUnknown(element))
  if (typeof stored !== 'object' || stored === null) return stored
  const members = Object.entries(stored).map(([key, member]) => [key, withUnknown(member)])
  return { ...Object.fromEntries(members), [unknownKey]: 7 }
}

function withoutUnknown(value: unknown): unknown {
  if (!isContainer(value)) return value
  if (Array.isArray(value)) return value.map((element) => withoutUnknown(element))
  const known = Object.entries(value).filter(([key]) => key !== unknownKey)
  return Object.fromEntries(known.map(([key, member]) => [key, withoutUnknown(member)]))
}

/** Whether a document can be loaded from `stored`. */
export function fits(schema: z.ZodType, stored: Json): boolean {
  try {
    new LiveDocument(schema).load(copyJson(stored), 1)
    return true
  } catch {
    return false
  }
}

/** Whether `value` is `other` with more keys in its objects. */
function hasMore(value: unknown, other: unknown): boolean {
  if (!isContainer(value) || !isContainer(other)) return isDeepStrictEqual(value, other)
  if (Array.isArray(value) && Object.keys(value).length !== Object.keys(other).length) return false
  return Object.keys(other).every(
    (key) => Object.hasOwn(value, key) && hasMore(value[key], other[key]),
  )
}

/** A parse shows a check a document without unknown keys, where an encoding shows them. */
function seesMore(plain: unknown, whole: Json, conversion: Conversion): boolean {
  return conversion === 'transforms' && hasMore(plain, whole) && !isDeepStrictEqual(plain, whole)
}

function attempt(
  document: LiveDocument,
  recipe: (draft: unknown) => void,
): { step: Step } | { error: unknown } {
  try {
    return { step: document.change(recipe) }
  } catch (error) {
    return { error }
  }
}

/** A document that is changed, one that follows by patches alone, and the stored one. */
export class DocumentTrio {
  readonly writer: LiveDocument
  readonly reader: LiveDocument
  readonly tally: { accepted: number; refused: number } = { accepted: 0, refused: 0 }
  readonly #schema: z.ZodType
  readonly #conversion: Conversion
  #stored: Json
  #version = 1

  constructor(schema: z.ZodType, conversion: Conversion, stored: Json) {
    this.#schema = schema
    this.#conversion = conversion
    this.writer = new LiveDocument(schema)
    this.reader = new LiveDocument(schema)
    this.writer.load(copyJson(stored), 1)
    this.reader.load(copyJson(stored), 1)
    this.#stored = applyPatches(copyJson(stored), structuredClone([...this.writer.filledIn]))
  }

  /** Carries out `edits` on all three and on a plain copy, and compares. */
  change(edits: readonly RandomEdit[], other: unknown): void {
    const carryOutOn = (target: unknown, isDraft: boolean): void => {
      for (const edit of edits) carryOut(edit, target, other, isDraft)
    }
    const before = shown(this.writer.value)
    const plain = copied(this.writer.value)
    carryOutOn(plain, false)
    const whole = fullyEncoded(this.#schema, plain, this.#conversion)
    const result = attempt(this.writer, (draft) => carryOutOn(draft, true))
    if ('step' in result) this.#compareAccepted(result.step, plain, whole)
    else this.#compareRefused(result.error, plain, whole, before)
  }

  #compareRefused(error: unknown, plain: unknown, whole: Json | undefined, before: string): void {
    this.tally.refused++
    assert.equal(shown(this.writer.value), before, 'a refused change leaves nothing behind')
    if (whole === undefined || isStricter(error, plain, whole)) return
    if (!seesMore(plain, whole, this.#conversion)) throw error
  }

  #compareAccepted(step: Step, plain: unknown, encoded: Json | undefined): void {
    this.tally.accepted++
    const { writer, reader } = this
    // zod shows a check the keys that it drops; here a check sees the document without them.
    const isStripped = encoded === undefined && hasMore(plain, writer.value)
    const whole = isStripped ? fullyEncoded(this.#schema, writer.value, this.#conversion) : encoded
    assert(whole !== undefined, 'what the whole schema refuses is refused')
    const live = withoutUnknown(z.parse(this.#schema, copyJson(whole)))
    assert.deepStrictEqual(withoutUnknown(writer.value), live)
    this.#stored = applyPatches(this.#stored, structuredClone([...step.patches]))
    assert.deepStrictEqual(withoutUnknown(this.#stored), withoutUnknown(whole))
    // What stands within a codec's own stored form is the codec's: it drops what it does not know.
    const seen = this.#conversion === 'codecs' ? withoutUnknown : (value: unknown) => value
    assert.deepStrictEqual(seen(JSON.parse(writer.text(0))), seen(this.#stored))
    reader.apply(JSON.parse(JSON.stringify(step.patches)), ++this.#version)
    assert.deepStrictEqual(reader.value, writer.value)
  }
}

/** Asserts that a change can be taken back and done again, as committing asks for. */
export function assertUndoable(
  document: LiveDocument,
  edits: readonly RandomEdit[],
  other: unknown,
): void {
  const before = copied(document.value)
  const result = attempt(document, (draft) => {
    for (const edit of edits) carryOut(edit, draft, other, true)
  })
  if ('error' in result) return
  const { step } = result
  const after = shown(document.value)
  step.undo()
  assert.deepStrictEqual(document.value, before)
  step.redo()
  assert.equal(shown(document.value), after)
  step.undo()
}
