import type { Version } from '@holdfast/core'
import { isCount, parseObject, type RefusedRecord } from './journal-record.ts'
import { bodyOf, encodeLine } from './line.ts'

/** The format that this version writes, and the newest that it reads. */
const formatVersion = 1

/** What the first line of an epoch says besides the document. */
export interface EpochHead {
  readonly kind: 'head'
  readonly epoch: number
  readonly name: string
  readonly version: Version
  readonly schema: number
  readonly at: string
  readonly writer: string
  /** Who alone may write; null for anybody. */
  readonly owner: string | null
  /**
   * The epoch in which the state began anew, because it was removed or put back to an older version;
   * 0 when it never did. Versions of different lives have nothing in common.
   */
  readonly life: number
  /** Whether a document follows; without one the state is not there (version 0). */
  readonly hasData: boolean
}

/** The first line of an epoch; `data` is the document's JSON text on one line, or null for none. */
export function encodeHead(head: Omit<EpochHead, 'kind' | 'hasData'>, data: string | null): Buffer {
  const { epoch, name, version, schema, at, writer, owner, life } = head
  const members = { holdfast: formatVersion, epoch, name, version, schema, at, writer, owner }
  const text = JSON.stringify(life === 0 ? members : { ...members, life })
  return encodeLine(data === null ? text : `${text.slice(0, -1)},"data":${data}}`)
}

const dataMember = Buffer.from(',"data":')
const known = new Set([
  'holdfast',
  'epoch',
  'name',
  'version',
  'schema',
  'at',
  'writer',
  'owner',
  'life',
])

/**
 * Reads a first line whose checksum holds, and not its document: that can be large, and is not always
 * wanted. `"data"` is the last member, and inside a JSON string its quotes would be escaped.
 */
export function parseHead(line: Buffer): EpochHead | RefusedRecord {
  const dataIndex = line.indexOf(dataMember)
  const text = dataIndex < 0 ? bodyOf(line) : `${line.toString('utf8', 0, dataIndex)}}`
  const members = parseObject(text)
  if (members === null) return { kind: 'damaged', reason: 'its first line is not a JSON object' }
  const { holdfast, epoch, name, version, schema, at, writer, owner, life = 0 } = members
  if (typeof holdfast === 'number' && holdfast > formatVersion) {
    return { kind: 'newer', reason: `it is in format ${holdfast}, and this program reads format 1` }
  }
  const unknown = Object.keys(members).find((member) => !known.has(member))
  if (unknown !== undefined && holdfast === formatVersion) {
    return { kind: 'newer', reason: `it has the unknown member ${JSON.stringify(unknown)}` }
  }
  const hasData = dataIndex >= 0
  if (
    holdfast !== formatVersion ||
    typeof name !== 'string' ||
    typeof at !== 'string' ||
    typeof writer !== 'string' ||
    (owner !== null && typeof owner !== 'string') ||
    !isCount(epoch) ||
    !isCount(version) ||
    !isCount(schema) ||
    !isCount(life) ||
    hasData !== version > 0
  ) {
    return { kind: 'damaged', reason: 'its first line is not that of an epoch' }
  }
  return { kind: 'head', epoch, name, version, schema, at, writer, owner, life, hasData }
}

/** The JSON text of the document in a first line that `parseHead` has taken. */
export function dataTextOf(line: Buffer): string {
  const body = bodyOf(line)
  return body.slice(body.indexOf(',"data":') + dataMember.length, -1)
}
