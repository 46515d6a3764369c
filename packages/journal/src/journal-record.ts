import type { Change, Json, JsonObject, Patch, PendingChange, Version } from '@holdfast/core'
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
    | { readonly kind: 'patches'; readonly patches: readonly Patch[]; readonly schema?: number }
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

/** The line of a change. `schema` is written where it is another than before. */
export function encodeChange(change: PendingChange, schemaBefore: number): Buffer {
  const { base, version, at, writer, id, schema, patches } = change
  const raised = schema === schemaBefore ? {} : { schema }
  return encodeLine(JSON.stringify({ base, version, at, writer, id, ...raised, patches }))
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
const envelopeMembers = ['base', 'version', 'at', 'writer', 'id']

/** Reads the JSON text of a line whose checksum holds. */
export function parseRecord(text: string): JournalRecord | RefusedRecord {
  const members = parseObject(text)
  if (members === null) return damaged('it is not a JSON object')
  const present = kinds.filter((kind) => Object.hasOwn(members, kind))
  const [kind] = present
  if (kind === undefined || present.length > 1) return newer('it is a record of an unknown kind')
  const known = new Set<string>([
    ...envelopeMembers,
    kind,
    ...(kind === 'patches' ? ['schema'] : []),
  ])
  const unknown = Object.keys(members).find((member) => !known.has(member))
  if (unknown !== undefined) return newer(`it has the unknown member ${JSON.stringify(unknown)}`)
  const { base, version, at, writer, id } = members
  if (!isCount(base) || !isCount(version)) return damaged('its versions are no whole numbers')
  if (kind !== 'reset' && version !== base + 1) {
    return damaged(`it leads from version ${base} to ${version}`)
  }
  if (typeof at !== 'string' || typeof writer !== 'string' || typeof id !== 'string') {
    return damaged('"at", "writer" and "id" are not all text')
  }
  return withContent({ base, version, at, writer, id }, kind, members)
}

function withContent(
  envelope: RecordEnvelope,
  kind: (typeof kinds)[number],
  members: JsonObject,
): JournalRecord | RefusedRecord {
  const { schema, claim, seal, reset, patches } = members
  switch (kind) {
    case 'claim':
      if (claim !== null && typeof claim !== 'string') return damaged('its claim is no name')
      return { ...envelope, kind, claim }
    case 'seal':
      return isCount(seal) ? { ...envelope, kind, seal } : damaged('its seal is no epoch')
    case 'reset':
      return isCount(reset) ? { ...envelope, kind, reset } : damaged('its reset is no epoch')
    case 'patches':
      break
  }
  if (schema !== undefined && !isCount(schema)) return damaged('its schema version is no number')
  const checked = patchesOf(patches)
  if ('reason' in checked) return checked
  return {
    ...envelope,
    kind,
    patches: checked.patches,
    ...(schema === undefined ? {} : { schema }),
  }
}

function patchesOf(value: Json | undefined): { patches: Patch[] } | RefusedRecord {
  if (!Array.isArray(value)) return damaged('its patches are no list')
  const patches: Patch[] = []
  for (const item of value) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      return damaged('a patch is no object')
    }
    const { op, path, value: content, ...rest } = item
    if (Object.keys(rest).length > 0) return newer('a patch has an unknown member')
    if (typeof path !== 'string') return damaged('a patch has no path')
    if (op === 'remove' && content === undefined) patches.push({ op, path })
    else if ((op === 'add' || op === 'replace') && content !== undefined) {
      patches.push({ op, path, value: content })
    } else return newer(`a patch has the unknown operation ${JSON.stringify(op ?? null)}`)
  }
  return { patches }
}

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
