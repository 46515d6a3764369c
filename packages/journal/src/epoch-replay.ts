import { isUtf8 } from 'node:buffer'
import type { Version } from '@holdfast/core'
import { parseHead, type EpochHead } from './epoch-head.ts'
import { parseRecord, type JournalRecord, type RefusedRecord } from './journal-record.ts'
import { bodyOf, isWholeLine } from './line.ts'

/** What an epoch's lines come to: where the sequence stands after them. */
export interface Standing {
  readonly version: Version
  readonly schema: number
  readonly at: string
  readonly writer: string
  readonly owner: string | null
}

/** What is wrong in an epoch's file, and where. */
export interface EpochDamage {
  readonly kind: 'damaged' | 'newer'
  readonly reason: string
  /** In bytes from the start of the file. */
  readonly offset: number
}

/** Which epoch of which state a file has to be. */
export interface EpochIdentity {
  readonly name: string
  readonly epoch: number
}

/** Is told what counts, in order; a TypeError that it throws says that the line cannot be. */
export interface ReplayListener {
  head?(head: EpochHead, line: Buffer): void
  record?(record: JournalRecord, schema: number, line: Buffer): void
}

/** A record that ends its epoch. */
export type ClosingRecord = JournalRecord & { kind: 'seal' | 'reset' }

const newline = 0x0a
const recordStart = Buffer.from('{"base":')

/**
 * The rules of the protocol, applied to the lines of one epoch in file order. Every reader and writer
 * comes to the same answer, since nothing but the bytes decides:
 *  R1 A line without its newline is not there yet. One whose checksum is wrong is torn, and skipped.
 *  R2 A record counts if and only if its base is the current version, the epoch is not closed, and,
 *     for patches and seals, its writer is the owner or there is none. A claim counts from anybody;
 *     a reset counts from anybody, on any base.
 *  R3 A record with a base below the current version lost its race, and is skipped. One with a base
 *     above it was built on what is not there. Where its writer knew that to survive a power cut, it
 *     shows a gap: something between was acknowledged, and is damaged. Where not, the power failed
 *     before either was flushed, nobody was told of it, and it is skipped.
 */
export class EpochReplay {
  /** The first line; null until it was read. */
  head: EpochHead | null = null
  /** How long the first line is, with its newline. */
  headBytes = 0
  standing: Standing | null = null
  closed: ClosingRecord | null = null
  /** The first thing that is wrong; nothing after it counts but a reset. */
  damage: EpochDamage | null = null
  /** The newest version that a whole record behind the damage leads to; null when there is none. */
  lostVersion: Version | null = null
  /** Where the last whole line ends: what follows it is not there yet. */
  end = 0
  readonly #expected: EpochIdentity
  readonly #listener: ReplayListener
  readonly #until: Version

  /** @param until Stops, as if the file ended there, when this version has been reached. */
  constructor(
    expected: EpochIdentity,
    listener: ReplayListener = {},
    until: Version = Number.POSITIVE_INFINITY,
  ) {
    this.#expected = expected
    this.#listener = listener
    this.#until = until
  }

  /** Takes in the bytes of the file from `end` on, up to the last newline among them. */
  feed(bytes: Buffer): void {
    for (let start = 0; !this.#isOver;) {
      const stop = bytes.indexOf(newline, start)
      if (stop < 0) return
      this.#line(bytes.subarray(start, stop))
      this.end += stop + 1 - start
      start = stop + 1
    }
  }

  /** Takes in a line that was appended at `end`, and that nobody needs to read back. */
  take(record: JournalRecord, line: Buffer): void {
    this.#record(record, line.subarray(0, -1))
    this.end += line.length
  }

  /**
   * Refuses a file that ends before its first line does, `bytes` being all of it: an epoch is put in
   * place whole, so that is damage.
   */
  refuseUnfinished(bytes: Buffer): void {
    if (this.damage !== null || this.head !== null) return
    const isBlank = bytes.every((byte) => byte === 0)
    const blank = bytes.length === 0 ? 'it is empty' : 'all of its bytes are NUL'
    const reason = isBlank ? blank : 'its first line has no end'
    this.#refuse({ kind: 'damaged', reason })
  }

  get #isOver(): boolean {
    return this.standing !== null && this.standing.version >= this.#until
  }

  #line(line: Buffer): void {
    if (this.head === null && this.damage === null) return this.#first(line)
    if (this.closed !== null) return
    if (!isWholeLine(line)) return this.#torn(line)
    const record = isUtf8(line) ? parseRecord(bodyOf(line)) : notUtf8
    if (this.damage !== null) return this.#afterDamage(record)
    if ('reason' in record) return this.#refuse(record)
    this.#record(record, line)
  }

  #first(line: Buffer): void {
    const isWhole = isWholeLine(line)
    const head = isWhole ? (isUtf8(line) ? parseHead(line) : notUtf8) : tornHead
    if (head.kind !== 'head') return this.#refuse(head)
    const stranger = this.#strangerReason(head)
    if (stranger !== null) return this.#refuse({ kind: 'damaged', reason: stranger })
    try {
      this.#listener.head?.(head, line)
    } catch (error) {
      return this.#refuse({ kind: 'damaged', reason: reasonOf(error) })
    }
    const { version, schema, at, writer, owner } = head
    this.head = head
    this.headBytes = line.length + 1
    this.standing = { version, schema, at, writer, owner }
  }

  #record(record: JournalRecord, line: Buffer): void {
    const { base, version, at, writer } = record
    if (record.kind === 'reset') return this.#close(record)
    const { standing } = this
    if (standing === null || this.damage !== null) return
    if (base > standing.version) return this.#ahead(record, standing.version)
    if (base < standing.version || !mayWrite(record, standing.owner)) return
    const schema = record.kind === 'patches' ? (record.schema ?? standing.schema) : standing.schema
    try {
      this.#listener.record?.(record, schema, line)
    } catch (error) {
      return this.#refuse({ kind: 'damaged', reason: reasonOf(error) })
    }
    const owner = record.kind === 'claim' ? record.claim : standing.owner
    this.standing = { version, schema, at, writer, owner }
    if (record.kind === 'seal') this.#close(record)
  }

  #close(record: ClosingRecord): void {
    if (this.#leadsOn(record)) this.closed = record
    else this.#refuse({ kind: 'damaged', reason: 'a record closes another epoch than this one' })
  }

  /**
   * A torn line may be two: what a writer could not finish, and a record that was glued to it. That
   * one does not count. But a base above the current version still shows a gap: the newline between
   * two records that counted was damaged. Not that of a reset, which is appended to what may be lost.
   */
  #torn(line: Buffer): void {
    const record = lastGlued(line)
    if (record === null) return
    const version = this.standing?.version ?? 0
    if (this.damage !== null) this.#afterDamage(record)
    else if ('base' in record && record.kind !== 'reset' && record.base > version) {
      this.#ahead(record, version)
    }
  }

  #afterDamage(record: JournalRecord | RefusedRecord): void {
    if (record.kind === 'reset' && this.#leadsOn(record)) this.closed = record
    else if ('version' in record) this.lostVersion = Math.max(this.lostVersion ?? 0, record.version)
  }

  #leadsOn(record: JournalRecord): boolean {
    const next =
      record.kind === 'seal' ? record.seal : record.kind === 'reset' ? record.reset : null
    return next === null || next === this.#expected.epoch + 1
  }

  #strangerReason({ name, epoch }: EpochHead): string | null {
    if (name !== this.#expected.name) return `it belongs to the state ${JSON.stringify(name)}`
    return epoch === this.#expected.epoch ? null : `it is epoch ${epoch} under another number`
  }

  /** R3 of a record whose base is above `version`, the newest before it. */
  #ahead(record: JournalRecord, version: Version): void {
    const { base } = record
    const synced = record.kind === 'patches' ? (record.synced ?? base) : base
    if (synced <= version) return
    const reason = `a record builds on version ${base}, but version ${version} is the newest one before it: what led there is damaged`
    this.#refuse({ kind: 'damaged', reason })
    this.lostVersion = base + 1
  }

  #refuse({ kind, reason }: RefusedRecord): void {
    this.damage = { kind, reason, offset: this.end }
  }
}

/**
 * The record that a torn line ends in, or null. It is looked for from the end: were it from the start, a
 * long journal that has lost all its newlines would cost a checksum of the rest for each of its records.
 */
function lastGlued(line: Buffer): JournalRecord | RefusedRecord | null {
  for (let at = line.lastIndexOf(recordStart); at > 0; at = line.lastIndexOf(recordStart, at - 1)) {
    const glued = line.subarray(at)
    if (isWholeLine(glued) && isUtf8(glued)) return parseRecord(bodyOf(glued))
  }
  return null
}

const tornHead: RefusedRecord = {
  kind: 'damaged',
  reason: 'the checksum of its first line does not fit',
}
const notUtf8: RefusedRecord = { kind: 'damaged', reason: 'a line is not UTF-8' }

function mayWrite(record: JournalRecord, owner: string | null): boolean {
  return owner === null || record.kind === 'claim' || record.writer === owner
}

/** Why a listener cannot take a line; what is no TypeError is not about the line. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof SyntaxError) return error.message
  throw error
}
