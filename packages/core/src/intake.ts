import type { Change, Sequence, Snapshot } from './backend.ts'
import { copyJson } from './copy-json.ts'
import type { Subject } from './diagnostics.ts'
import { HoldfastError } from './error.ts'
import type { LiveDocument } from './live-document.ts'
import type { StateChangeFeed } from './state-change-feed.ts'
import type { UpdateQueue } from './update-queue.ts'

/** What an intake works on. */
export interface IntakeParts {
  readonly name: string
  readonly schemaVersion: number
  readonly sequence: Sequence
  readonly document: LiveDocument
  readonly feed: StateChangeFeed
  readonly writer: string
}

/** Takes what other writers committed into the document, under the updates of the queue. */
export class Intake {
  readonly #parts: IntakeParts
  readonly #queue: UpdateQueue
  readonly #subject: Subject
  #broken: unknown
  /** What the document has, and may not survive a power cut yet: nobody was told of it. */
  #untold: Change[] = []
  /** A read is under way, from the version that the document has. */
  #isReading = false

  constructor(parts: IntakeParts, queue: UpdateQueue) {
    this.#parts = parts
    this.#queue = queue
    this.#subject = { state: parts.name, location: parts.sequence.location }
  }

  /** Why the document in memory cannot be trusted; undefined when it can. `catchUp` tries to mend it. */
  get broken(): unknown {
    return this.#broken
  }

  /** Whether the document has changes of others that may not survive a power cut yet. */
  get isAhead(): boolean {
    return this.#untold.length > 0
  }

  /** Tells what came in ahead: a commit on top of it, or a read, has made it durable. */
  tell(): void {
    const changes = this.#untold
    if (changes.length > 0) {
      this.#untold = []
      const { feed } = this.#parts
      for (const change of changes) feed.publish(feed.told(change))
    }
    this.#queue.settleRefused()
  }

  /** Tells the callers of updates that were refused, if what those found in the document lasts. */
  settleRefused(): void {
    if (!this.isAhead) this.#queue.settleRefused()
  }

  /**
   * Takes in what is at hand, unless updates are done on the document already: else the one that comes
   * now would be done twice. What cannot be taken in leaves the document `broken`.
   */
  beforeUpdate(): void {
    if (!this.#queue.isEmpty) return
    try {
      this.#takeAhead()
    } catch {
      // `broken` says it
    }
  }

  /** As `catchUp`, but reads nothing where what came first is at hand. @throws as `catchUp`. */
  async catchUpAhead(): Promise<void> {
    if (!this.#takeAhead()) await this.catchUp()
  }

  /**
   * Reads what follows the document's version and brings the document there; the updates of the queue
   * are done again on top, and wait for the next commit.
   * @throws HoldfastError `CONFLICT` when the state was removed, `NEWER_SCHEMA`, `CORRUPT`, `INVALID`,
   * and what the backend throws.
   */
  async catchUp(): Promise<void> {
    this.#isReading = true
    try {
      await this.#read()
    } finally {
      this.#isReading = false
    }
  }

  /** Takes what is at hand, durable or not; tells whether that was anything. */
  #takeAhead(): boolean {
    const changes = this.#atHand()
    if (changes === null || changes.length === 0) return false
    this.#takeInChanges(changes)
    return true
  }

  #atHand(): readonly Change[] | null {
    const { document, sequence } = this.#parts
    if (this.#isReading || this.#broken !== undefined || document.filledIn.length > 0) return null
    try {
      return sequence.peek?.(document.version) ?? null
    } catch {
      return null // the commit or the read that follows tells what is wrong
    }
  }

  async #read(): Promise<void> {
    const { document, sequence } = this.#parts
    const read = await sequence.read(document.version)
    if ('snapshot' in read) return this.#takeInSnapshot(read.snapshot)
    // Foreign patches are made for the stored document: they do not know what was filled in here.
    const isWhole = this.#broken === undefined && document.filledIn.length === 0
    if (isWhole || (read.changes.length === 0 && this.#broken === undefined)) {
      this.#takeInChanges(read.changes)
      return this.tell()
    }
    const snapshot = await sequence.load()
    if (snapshot === null) throw conflict(this.#subject, 'it was removed')
    return this.#takeInSnapshot(snapshot)
  }

  #takeInChanges(changes: readonly Change[]): void {
    const { document } = this.#parts
    try {
      this.#queue.redoOn(() => {
        for (const change of changes) {
          this.#assertFollows(change)
          document.apply(change.patches, change.version)
        }
      })
    } catch (error) {
      this.#broken = error
      throw error
    }
    this.#untold.push(...changes)
  }

  #takeInSnapshot(snapshot: Snapshot): void {
    const { document, feed } = this.#parts
    const isNews = this.isAhead || snapshot.version > document.version
    const change = feed.toldWhole(snapshot, copyJson(snapshot.data))
    // 0: found without an envelope. What it holds is checked all the same.
    if (snapshot.schema !== 0) this.#assertSchema(snapshot.schema)
    this.#queue.redoOn(() => document.load(snapshot.data, snapshot.version))
    this.#broken = undefined
    this.#untold = []
    if (isNews) feed.publish(change)
    this.#queue.settleRefused()
  }

  #assertFollows(change: Change): void {
    this.#assertSchema(change.schema)
    const { version } = this.#parts.document
    if (change.base === version && change.version === change.base + 1) return
    const { state, location } = this.#subject
    throw new HoldfastError(
      'CORRUPT',
      `state "${state}" (${location}): the change to version ${change.version} builds on version ` +
        `${change.base}, but version ${version} is the newest one before it`,
      { state },
    )
  }

  #assertSchema(schema: number): void {
    const { schemaVersion } = this.#parts
    if (schema === schemaVersion) return
    const { state, location } = this.#subject
    throw new HoldfastError(
      schema > schemaVersion ? 'NEWER_SCHEMA' : 'INVALID',
      `state "${state}" (${location}) now has schema version ${schema}, but this program opened it ` +
        `with ${schemaVersion}: another program has written it; nothing was taken in. Run the ` +
        'programs that share a state with one schema version',
      { state },
    )
  }
}

/** `CONFLICT` of an update that was not kept. */
export function conflict({ state, location }: Subject, why: string): HoldfastError {
  return new HoldfastError(
    'CONFLICT',
    `state "${state}" (${location}) could not be updated: ${why}. Nothing of the update was kept: ` +
      'open the state again and repeat it',
    { state, committed: false },
  )
}
