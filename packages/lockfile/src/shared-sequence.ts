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
import type { SharedTurns } from './shared-turns.ts'

/** One handle on a state that many write: a journal none of whose writers starves. */
export class SharedSequence implements Sequence {
  readonly #journal: OwnableSequence
  readonly #turns: SharedTurns
  readonly #release: () => void
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(journal: OwnableSequence, turns: SharedTurns, release: () => void) {
    this.#journal = journal
    this.#turns = turns
    this.#release = release
  }

  get location(): string {
    return this.#journal.location
  }

  load(options?: LoadOptions): Promise<Snapshot | null> {
    return this.#journal.load(options)
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    if (this.#closing !== null) return this.#refuse(change)
    // Nothing says yet whose the state is: the one who has it to itself may not have written.
    const when = change.base === 0 ? 'inTurn' : 'ifNeeded'
    const running = this.#turns.run(() => this.#commit(change), when)
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  /** Runs `work` in this writer's turn, where it needs one. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.#turns.run(work)
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

  async #commit(change: PendingChange): Promise<CommitResult> {
    const result = await this.#commitFreely(change)
    if (!result.committed) this.#turns.noteConflict()
    return result
  }

  async #commitFreely(change: PendingChange): Promise<CommitResult> {
    try {
      return await this.#journal.commit(change)
    } catch (error) {
      if (!HoldfastError.is(error, 'OWNERSHIP_LOST')) throw error
    }
    await this.#turns.run(() => this.#free(), 'inTurn')
    return this.#journal.commit(change)
  }

  /** The lock was to be had: so the owner that the journal names is gone, and did not say so. */
  async #free(): Promise<void> {
    const owner = await this.#journal.owner()
    if (owner !== null) await this.#journal.claim(null, owner)
  }

  /** A closed journal says so. */
  async #refuse(change: PendingChange): Promise<CommitResult> {
    await this.#closing
    return this.#journal.commit(change)
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    try {
      await this.#journal.close()
    } finally {
      await this.#turns.close()
      this.#release()
    }
  }
}
