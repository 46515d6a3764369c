import {
  hasCode,
  openAppendFile,
  type AppendFile,
  type FileHandle,
  type FileStat,
} from '@holdfast/fs'
import type { Version } from '@holdfast/core'
import { EpochReplay, type ReplayListener } from './epoch-replay.ts'
import { damageError, type Subject } from './journal-error.ts'
import type { JournalPlace } from './journal-place.ts'
import { encodeMark, type JournalRecord } from './journal-record.ts'
import { tornLineEnd } from './line.ts'

/** The path of an epoch leads to another file than it did, or to none: what is open is not current. */
export class EpochMovedError extends Error {
  constructor(path: string) {
    super(`${path} was replaced while it was in use`)
    this.name = 'EpochMovedError'
  }
}

/** A record, and its line. */
export interface EncodedRecord {
  readonly record: JournalRecord
  readonly line: Buffer
}

/** The record that closes an epoch, with its line. */
export function encodedClosing(record: JournalRecord & { kind: 'seal' | 'reset' }): EncodedRecord {
  const { kind: _, ...members } = record
  return { record, line: encodeMark(members) }
}

/** How far an epoch is read: up to which byte, and to which version. */
interface Position {
  readonly end: number
  readonly version: Version
}

/** Where a line stands: from which byte to which, its newline included. */
interface Extent {
  readonly start: number
  readonly end: number
}

/** How many appends with nobody's in between show that a handle is alone. */
const companyLasts = 16

/** One epoch's open file, and what this process has read of it. */
export class EpochFile implements AsyncDisposable {
  readonly number: number
  readonly path: string
  readonly replay: EpochReplay
  readonly #place: JournalPlace
  readonly #listener: ReplayListener
  #reader: FileHandle | null
  #appender: AppendFile | null = null
  /** How much was read, the torn end included. */
  #size = 0
  /** How far what was read is known to survive a power cut. */
  #durable: Position = { end: 0, version: 0 }
  /** A flush has failed: see `Journal.isPoisoned`. */
  #hasFailedFlush = false
  /** For how many more appends it is taken that others append too; each of theirs sets it anew. */
  #company = 0
  #lastAppended: Extent | null = null
  #awaitedId: string | null = null
  #hasCounted = false

  constructor(place: JournalPlace, number: number, reader: FileHandle, listener: ReplayListener) {
    this.#place = place
    this.number = number
    this.path = place.epochPath(number)
    this.#reader = reader
    this.#listener = listener
    const own: ReplayListener = {
      head: (head, line) => this.#listener.head?.(head, line),
      record: (record, schema, line) => {
        this.#listener.record?.(record, schema, line)
        if (record.id === this.#awaitedId) this.#hasCounted = true
      },
    }
    this.replay = new EpochReplay({ name: place.name, epoch: number }, own)
  }

  /** Whether what was read when the file was opened is known to survive a power cut. */
  get isFlushed(): boolean {
    return this.#durable.end > 0
  }

  /** The newest version that is known to survive a power cut. */
  get durableVersion(): Version {
    return this.#durable.version
  }

  get hasFailedFlush(): boolean {
    return this.#hasFailedFlush || this.#appender?.hasFailedSync === true
  }

  /** Whether others have appended of late. */
  get hasCompany(): boolean {
    return this.#company > 0
  }

  /** Where the line stands that this handle appended last; null before, and where it is torn. */
  get lastAppended(): Extent | null {
    return this.#lastAppended
  }

  get subject(): Subject {
    return { name: this.#place.name, path: this.path }
  }

  /** How many bytes were read; what is behind the last whole line counts as well. */
  get size(): number {
    return this.#size
  }

  /**
   * Reads what others have appended. Resolves with false where the file has lost its name, or is
   * shorter than it was: then another epoch is current, or the file is damaged.
   */
  async look(): Promise<boolean> {
    const stat = await this.#stat()
    if (stat.size < this.#size) return false
    await this.#readTo(stat.size)
    return stat.nlink > 0 || this.replay.closed !== null
  }

  /**
   * Appends `encoded` by one write, reads what others appended before it, and tells whether it counts:
   * for good, since all that stands before it survives a power cut then. False: another record came
   * first, or the line was torn or glued to a torn one; `replay` tells.
   * @throws EpochMovedError where the file is not in its place any more; the system's error, as AppendFile does.
   */
  async append(encoded: EncodedRecord): Promise<boolean> {
    const appender = this.#appender ?? (await this.#openAppender())
    const { record, line } = encoded
    const isTorn = this.#size > this.replay.end
    const bytes = isTorn ? Buffer.concat([tornLineEnd, line]) : line
    const expected = this.#size + bytes.length
    this.#awaitedId = record.id
    this.#hasCounted = false
    // Whether it counts is found out while the disk is busy.
    const { isWhole, stat, synced } = await appender.append(bytes, this.#place.isPower)
    const before = this.#position
    let behind: Position | null
    if (isWhole && stat.size === expected && !isTorn) {
      this.replay.take(record, line)
      this.#size = expected
      behind = this.#position
      if (this.#company > 0) this.#company -= 1
    } else {
      if (!isWhole) await appender.append(tornLineEnd) // says why the write was short, if it fails
      behind = await this.#readTo((await this.#stat()).size, line)
    }
    this.#lastAppended = behind && { start: behind.end - line.length, end: behind.end }
    if (stat.nlink === 0 && this.replay.closed === null) throw new EpochMovedError(this.path)
    // Also where it does not count: what came first could be lost when the power fails, and then it would.
    if (synced !== null) await this.#flush(synced, behind ?? before)
    return this.#hasCounted || this.replay.closed?.id === record.id
  }

  /** Resolves when no flush is under way: after an append that failed one may be. */
  async settled(): Promise<void> {
    await this.#appender?.settled()
  }

  /** Whether the record that was last appended counts, as far as the file can be read. */
  async hasCounted(): Promise<boolean> {
    await this.#readTo((await this.#stat()).size)
    return this.#hasCounted
  }

  /** Makes what was read survive a power cut. @throws the system's error, which is final. */
  async makeDurable(): Promise<void> {
    if (this.#durable.end === this.replay.end) return
    // Windows flushes only what is open for writing (FlushFileBuffers).
    if (this.#place.context.fileSystem.platform === 'win32') await this.#openAppender()
    await this.#flush()
  }

  /** The bytes from `start` to `end`; left out, all that were read so far. */
  async bytes(start = 0, end: number = this.#size): Promise<Buffer> {
    return this.#read(start, end)
  }

  async close(): Promise<void> {
    const [reader, appender] = [this.#reader, this.#appender]
    this.#reader = null
    this.#appender = null
    try {
      await reader?.close()
    } finally {
      await appender?.close()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @throws HoldfastError `CORRUPT` or `NEWER_SCHEMA` where the epoch cannot be used as it is. */
  requireSound(): void {
    const { damage, closed } = this.replay
    if (damage !== null && (closed === null || damage.kind === 'newer')) {
      throw damageError(this.subject, damage)
    }
  }

  get #position(): Position {
    const { end, standing } = this.replay
    return { end, version: standing?.version ?? 0 }
  }

  /** Waits for a flush, and takes down what it `covered`: all that was read, unless it began before. */
  async #flush(begun?: Promise<void>, covered: Position = this.#position): Promise<void> {
    try {
      await (begun ?? this.#appender?.sync() ?? this.#reader?.dataSync())
    } catch (error) {
      this.#hasFailedFlush = true
      throw error
    }
    this.#durable = covered
  }

  /** Where `line` is among what is read, resolves with the position behind it. */
  async #readTo(size: number, line?: Buffer): Promise<Position | null> {
    if (size === this.#size && this.replay.head !== null) return null
    const { end } = this.replay
    if (this.replay.head !== null) this.#company = companyLasts
    const bytes = await this.#read(end, size)
    const at = line === undefined ? -1 : bytes.indexOf(line)
    let behind: Position | null = null
    if (line !== undefined && at >= 0) {
      this.replay.feed(bytes.subarray(0, at + line.length))
      behind = this.#position
    }
    this.replay.feed(bytes.subarray(this.replay.end - end))
    this.#size = end + bytes.length
    if (this.replay.head === null) this.replay.refuseUnfinished(bytes)
    return behind
  }

  async #read(start: number, end: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(Math.max(0, end - start))
    const source = this.#appender ?? this.#reader
    if (source === null) throw new Error(`${this.path} is closed`)
    const count = await source.read(target, start)
    return target.subarray(0, count)
  }

  async #stat(): Promise<FileStat> {
    const source = this.#appender ?? this.#reader
    if (source === null) throw new Error(`${this.path} is closed`)
    return source.stat()
  }

  /** @throws EpochMovedError where the path leads to another file than the one that was read. */
  async #openAppender(): Promise<AppendFile> {
    if (this.#appender !== null) return this.#appender
    const { context, isPower } = this.#place
    let appender: AppendFile
    try {
      const environment = context.files
      appender = await openAppendFile(context.fileSystem, this.path, { environment })
    } catch (error) {
      // It was removed by a compaction, after it was closed.
      if (hasCode(error, 'ENOENT')) throw new EpochMovedError(this.path)
      throw error
    }
    try {
      const [known, found] = [await this.#stat(), await appender.stat()]
      if (known.dev !== found.dev || known.ino !== found.ino) throw new EpochMovedError(this.path)
      // A flush tells what failed since its descriptor was opened (errseq_t), and no more: for what
      // others appended before this one was, the older one has to be asked.
      if (isPower && context.fileSystem.platform !== 'win32') await this.#flush()
    } catch (error) {
      await appender.close().catch(() => null) // the first error tells what happened
      throw error
    }
    const reader = this.#reader
    this.#reader = null
    this.#appender = appender
    await reader?.close()
    return appender
  }
}
