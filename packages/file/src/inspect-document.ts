import type { Json, JsonObject } from '@holdfast/core'
import type { z } from 'zod'
import { dataSpan, scanHead } from './data-span.ts'
import { checksumOf, envelopeHead, formatVersion } from './envelope.ts'
import { findJsonDamage } from './json-damage.ts'

/** A document that can be trusted: its envelope and, where it has one, its checksum hold. */
export interface SoundDocument {
  readonly kind: 'envelope' | 'bare'
  /** 0 without an envelope. */
  readonly version: number
  readonly schema: number
  readonly savedAt: string | null
  readonly writer: string | null
  /** As verified; null where there is none. */
  readonly checksum: string | null
  readonly data: Json
}

/** A document that must not be used, nor overwritten. */
export interface Damage {
  readonly kind: 'damaged'
  readonly reason: string
  /** Where, in bytes from the start of the file, or null where it is no one place. */
  readonly offset: number | null
  /** The version that the file still claims, or null. */
  readonly version: number | null
  /** What helps besides taking an older generation. */
  readonly remedy?: string
}

/** A document in a format that only a newer program can read. */
interface NewerFormat {
  readonly kind: 'newer'
  readonly format: number
}

/** What the bytes of a file turned out to be. */
export type Inspection = SoundDocument | Damage | NewerFormat

/** Reads the bytes of the file of the state `name`, and judges them. Never throws for what they are. */
export function inspectDocument(bytes: Uint8Array, name: string): Inspection {
  const blank = findBlank(bytes)
  if (blank !== null) return blank
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const body = hasMark ? bytes.subarray(3) : bytes
  const markBytes = bytes.length - body.length

  const text = decoded(body)
  if (text === null) {
    return damage('it is not UTF-8', { offset: markBytes + firstInvalidByte(body) })
  }
  const parsed = parse(text)
  if (parsed === undefined) {
    const { reason, index } = findJsonDamage(text)
    const offset = markBytes + Buffer.byteLength(text.slice(0, index))
    return damage(reason, { offset, version: claimedVersion(scanHead(text).members['version']) })
  }
  if (!isEnvelope(parsed.value)) return bare(parsed.value)
  return inspectEnvelope(parsed.value, name, () => dataSpan(body, text))
}

function inspectEnvelope(
  envelope: JsonObject,
  name: string,
  span: () => Uint8Array | null,
): Inspection {
  const format = envelope['holdfast']
  if (typeof format === 'number' && format > formatVersion) return { kind: 'newer', format }
  // Rest copies own properties as they are, `__proto__` too.
  const { data, ...rest } = envelope
  const version = claimedVersion(rest['version'])
  const head = envelopeHead.safeParse(rest)
  if (!head.success) return damage(`the envelope is wrong: ${issuesOf(head.error)}`, { version })
  if (data === undefined) return damage('the envelope has no member "data"', { version })
  if (head.data.name !== name) {
    return damage(`it belongs to the state ${JSON.stringify(head.data.name)}`, {
      version: null,
      remedy: `if it was renamed or copied on purpose, set its member "name" to ${JSON.stringify(name)}`,
    })
  }
  const { schema, savedAt, writer, checksum = null } = head.data
  if (checksum !== null) {
    const bytes = Object.keys(envelope).at(-1) === 'data' ? span() : null
    if (bytes === null || checksumOf(bytes) !== checksum) {
      return damage('the checksum does not fit the member "data"', {
        version,
        remedy: 'if it was edited on purpose, remove the member "checksum" and it is accepted',
      })
    }
  }
  return { kind: 'envelope', version: head.data.version, schema, savedAt, writer, checksum, data }
}

function bare(data: Json): SoundDocument {
  const unknown = { savedAt: null, writer: null, checksum: null }
  return { kind: 'bare', version: 0, schema: 0, ...unknown, data }
}

function isEnvelope(value: Json): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, 'holdfast') &&
    typeof value['holdfast'] === 'number'
  )
}

/** What a crash without fsync leaves behind: nothing, or NULs where the data was to be. */
function findBlank(bytes: Uint8Array): Damage | null {
  if (bytes.length === 0) return damage('it is empty', { offset: 0 })
  if (bytes.at(-1) !== 0) return null
  let start = bytes.length
  while (start > 0 && bytes[start - 1] === 0) start -= 1
  const count = bytes.length - start
  const reason = start === 0 ? `all of its ${count} bytes are NUL` : `it ends in ${count} NUL bytes`
  return damage(reason, { offset: start })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** The decoder puts U+FFFD in the place of what is invalid: there the bytes begin to differ. */
function firstInvalidByte(bytes: Uint8Array): number {
  const repaired = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return bytes.findIndex((byte, index) => byte !== repaired[index])
}

function parse(text: string): { value: Json } | undefined {
  try {
    const value: Json = JSON.parse(text)
    return { value }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function claimedVersion(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

function issuesOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => [path.join('.'), message].join(' ').trim())
    .join('; ')
}

function damage(
  reason: string,
  { offset = null, version = null, remedy }: Partial<Damage>,
): Damage {
  return { kind: 'damaged', reason, offset, version, ...(remedy === undefined ? {} : { remedy }) }
}
