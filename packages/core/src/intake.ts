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
    if (this.#untold.length === 0) return
    const { feed } = this.#parts
    const changes = this.#untold
    this.#untold = []
    for (const change of changes) feed.publish(feed.told(change))
  }

  /**
   * As `catchUp`, but takes what is at hand if it can, durable or not: for a change that is committed on
   * top of it at once.
   */
  async catchUpAhead(): Promise<void> {
    const { document, sequence } = this.#parts
    const isWhole = this.#broken === undefined && document.filledIn.length === 0
    const changes = isWhole ? sequence.peek?.(document.version) : null
    if (changes === undefined || changes === null || changes.length === 0) return this.catchUp()
    this.#takeInChanges(changes)
  }

  /**
   * Reads what follows the document's version and brings the document there; the updates of the queue
   * are done again on top, and wait for the next commit.
   * @throws HoldfastError `CONFLICT` when the state was removed, `NEWER_SCHEMA`, `CORRUPT`, `INVALID`,
   * and what the backend throws.
   */
  async catchUp(): Promise<void> {
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
