import {
  HoldfastError,
  type Change,
  type CommitResult,
  type LoadOptions,
  type PendingChange,
  type Sequence,
  type Snapshot,
  type Version,
} from '@holdfast/core'
import type { OwnableSequence } from '@holdfast/journal'
import type { Ownership } from './ownership.ts'

/** One handle on a state that it has to itself, from when it was opened until it is closed. */
export class ExclusiveSequence implements Sequence {
  readonly #journal: OwnableSequence
  readonly #ownership: Ownership
  readonly #release: () => void
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(journal: OwnableSequence, ownership: Ownership, release: () => void) {
    this.#journal = journal
    this.#ownership = ownership
    this.#release = release
  }

  get location(): string {
    return this.#journal.location
  }

  get writer(): string {
    return this.#ownership.writer
  }

  get signal(): AbortSignal {
    return this.#ownership.signal
  }

  load(options?: LoadOptions): Promise<Snapshot | null> {
    return this.#journal.load(options)
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    if (this.#closing !== null) {
      await this.#closing
      return this.#journal.commit(change) // which says that it is closed
    }
    const running = this.#commit(change)
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  /** The claim in the journal is what decides; the lock tells sooner, and before there is a claim. */
  async #commit(change: PendingChange): Promise<CommitResult> {
    if (change.writer !== this.writer) throw this.#strangerError(change)
    await this.#ownership.check()
    try {
      return await this.#journal.commit(change)
    } catch (error) {
      if (!HoldfastError.is(error, 'OWNERSHIP_LOST')) throw error
      throw this.#ownership.lose('the journal names another owner, or none', error)
    }
  }

  read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
    return this.#journal.read(since)
  }

  peek(since: Version): readonly Change[] | null {
    return this.#journal.peek?.(since) ?? null
  }

  onHint(listener: () => void): Disposable {
    return this.#journal.onHint(listener)
  }

  history(): AsyncIterable<Change | Snapshot> {
    return this.#journal.history()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    try {
      await this.#ownership.end()
    } finally {
      await this.#journal.close()
      this.#release()
    }
  }

  #strangerError({ writer }: PendingChange): HoldfastError {
    const message =
      `The change of ${JSON.stringify(writer)} cannot be committed to ${this.location}: only changes of its ` +
      `owner ${JSON.stringify(this.writer)} count there. Nothing was written. Use the sequence's own writer.`
    return new HoldfastError('INVALID', message, { state: this.#ownership.state, committed: false })
  }
}
