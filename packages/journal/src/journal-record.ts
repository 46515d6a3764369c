import type { Change, Json, JsonObject, Patch, Version } from '@holdfast/core'
import { encodeLine } from './line.ts'

/** What every record says. */
interface RecordEnvelope {
  readonly base: Version
  readonly version: Version
  readonly at: string
  readonly writer: string
  readonly id: string
}

/** A line of an epoch below its first one: one step of the sequence, or the end of the epoch. */
export type JournalRecord = RecordEnvelope &
  (
    | {
        readonly kind: 'patches'
        readonly patches: readonly Patch[]
        /** The schema version from here on; left out where it is the one before. */
        readonly schema?: number
        /**
         * The newest version that its writer knew to survive a power cut; left out where that is the
         * base. What lies between was appended by others just before, and flushed with this record.
         */
        readonly synced?: Version
      }
    /** Who alone may write from here on; null for anybody. */
    | { readonly kind: 'claim'; readonly claim: string | null }
    /** The epoch that goes on from this version. */
    | { readonly kind: 'seal'; readonly seal: number }
    /**
     * The epoch that goes on from `version`, whatever was read before: nothing at all (0: the state
     * was removed), or an older version that verifies (it was damaged). It counts on any base.
     */
    | { readonly kind: 'reset'; readonly reset: number }
  )

/** Why a line with a right checksum is no record: damage, or the work of a newer program. */
export interface RefusedRecord {
  readonly kind: 'damaged' | 'newer'
  readonly reason: string
}

/** The line of a change. */
export function encodeChange(record: JournalRecord & { readonly kind: 'patches' }): Buffer {
  const { base, version, at, writer, id, schema, synced, patches } = record
  return encodeLine(JSON.stringify({ base, version, at, writer, id, schema, synced, patches }))
}

/** The line of a record that is no change. */
export function encodeMark(
  mark: RecordEnvelope &
    ({ readonly claim: string | null } | { readonly seal: number } | { readonly reset: number }),
): Buffer {
  return encodeLine(JSON.stringify(mark))
}

/** A record as the change that core is given: claims and seals change nothing. */
export function changeOf(record: JournalRecord, schema: number): Change {
  const { base, version, id, writer, at } = record
  const patches = record.kind === 'patches' ? record.patches : []
  return { base, version, id, writer, at, schema, patches }
}

const kinds = ['patches', 'claim', 'seal', 'reset'] as const
type Kind = (typeof kinds)[number]

const envelopeMembers = ['base', 'version', 'at', 'writer', 'id']
const knownMembers: Readonly<Record<Kind, ReadonlySet<string>>> = {
  patches: new Set([...envelopeMembers, 'schema', 'synced', 'patches']),
  claim: new Set([...envelopeMembers, 'claim']),
  seal: new Set([...envelopeMembers, 'seal']),
  reset: new Set([...envelopeMembers, 'reset']),
}

/** Reads the JSON text of a line whose checksum holds. */
export function parseRecord(text: string): JournalRecord | RefusedRecord {
  const members = parseObject(text)
  if (members === null) return damaged('it is not a JSON object')
  const kind = kinds.find((each) => Object.hasOwn(members, each))
  if (kind === undefined) return newer('it is a record of an unknown kind')
  const known = knownMembers[kind]
  for (const member of Object.keys(members)) {
    if (!known.has(member)) return newer(`it has the unknown member ${JSON.stringify(member)}`)
  }
  const { base, version, at, writer, id } = members
  if (!isCount(base) || !isCount(version)) return damaged('its versions are no whole numbers')
  if (kind !== 'reset' && version !== base + 1) {
    return damaged(`it leads from version ${base} to ${version}`)
  }
  if (typeof at !== 'string' || typeof writer !== 'string' || typeof id !== 'string') {
    return damaged('"at", "writer" and "id" are not all text')
  }
  if (kind !== 'patches') return markOf({ base, version, at, writer, id }, kind, members)
  const { schema, synced, patches: items } = members
  if (schema !== undefined && !isCount(schema)) return damaged('its schema version is no number')
  if (synced !== undefined && !(isCount(synced) && synced < base)) {
    return damaged('"synced" is no version below its base')
  }
  const patches = patchesOf(items)
  if ('reason' in patches) return patches
  const record = { kind, base, version, at, writer, id, patches } as const
  if (schema === undefined && synced === undefined) return record
  return {
    ...record,
    ...(schema === undefined ? {} : { schema }),
    ...(synced === undefined ? {} : { synced }),
  }
}

function markOf(
  envelope: RecordEnvelope,
  kind: Exclude<Kind, 'patches'>,
  { claim, seal, reset }: JsonObject,
): JournalRecord | RefusedRecord {
  if (kind === 'claim') {
    if (claim !== null && typeof claim !== 'string') return damaged('its claim is no name')
    return { ...envelope, kind, claim }
  }
  const next = kind === 'seal' ? seal : reset
  if (!isCount(next)) return damaged(`its ${kind} is no epoch`)
  return kind === 'seal' ? { ...envelope, kind, seal: next } : { ...envelope, kind, reset: next }
}

function patchesOf(items: Json | undefined): Patch[] | RefusedRecord {
  if (!Array.isArray(items)) return damaged('its patches are no list')
  const patches: Patch[] = []
  for (const item of items) {
    const patch = patchOf(item)
    if ('reason' in patch) return patch
    patches.push(patch)
  }
  return patches
}

function patchOf(item: Json): Patch | RefusedRecord {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return damaged('a patch is no object')
  }
  const { op, path, value } = item
  for (const member in item) {
    if (!patchMembers.has(member)) return newer('a patch has an unknown member')
  }
  if (typeof path !== 'string') return damaged('a patch has no path')
  if (op === 'remove' && value === undefined) return { op, path }
  if ((op === 'add' || op === 'replace') && value !== undefined) return { op, path, value }
  return newer(`a patch has the unknown operation ${JSON.stringify(op ?? null)}`)
}

const patchMembers: ReadonlySet<string> = new Set(['op', 'path', 'value'])

/** Null where `text` is not the JSON text of an object. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Whether `value` can be a version, a schema version or the number of an epoch. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function damaged(reason: string): RefusedRecord {
  return { kind: 'damaged', reason }
}

function newer(reason: string): RefusedRecord {
  return { kind: 'newer', reason }
}
