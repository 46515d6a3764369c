import { setImmediate } from 'node:timers/promises'
import {
  HoldfastError,
  type Change,
  type CommitResult,
  type LoadOptions,
  type PendingChange,
  type Snapshot,
  type Version,
} from '@holdfast/core'
import { claimJournal } from './claim-journal.ts'
import { commitChange } from './commit-change.ts'
import { compact, isCompactionDue } from './compact.ts'
import { readHistory } from './epoch-items.ts'
import { closedError, systemFailure } from './journal-error.ts'
import { Journal } from './journal.ts'
import type { JournalPlace } from './journal-place.ts'
import { JournalWatch } from './journal-watch.ts'
import { sweepOnce } from './next-epoch.ts'
import type { OwnableSequence } from './ownable-sequence.ts'
import { loadSnapshot, readSince } from './read-journal.ts'

/** How many commits go by, while a compaction waits, until the event loop gets a turn. */
const mostCommitsInARow = 16

/** One handle on one state's journal. */
export class JournalSequence implements OwnableSequence {
  readonly location: string
  readonly #journal: Journal
  readonly #watch: JournalWatch
  readonly #release: () => void
  #turns: Promise<unknown> = Promise.resolve()
  #compacting: Promise<void> | null = null
  #commitsInARow = 0
  #isSwept = false
  readonly #stop = new AbortController()
  #closing: Promise<void> | null = null

  constructor(place: JournalPlace, release: () => void) {
    this.location = place.path
    this.#journal = new Journal(place)
    this.#watch = new JournalWatch(place)
    this.#release = release
  }

  async load(options: LoadOptions = {}): Promise<Snapshot | null> {
    const { signal } = options
    this.#requireOpen()
    signal?.throwIfAborted()
    return this.#inTurn(async () => {
      try {
        return await loadSnapshot(this.#journal, options)
      } catch (error) {
        signal?.throwIfAborted()
        throw this.#failure(error)
      }
    })
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    this.#requireOpen(false)
    requireStep(change, this.#journal.place)
    const result = await this.#inTurn(() => commitChange(this.#journal, change))
    if (!this.#isSwept && result.committed) {
      this.#isSwept = true
      void this.#inTurn(() => sweepOnce(this.#journal.place))
    }
    if (isCompactionDue(this.#journal)) this.#compact()
    if (this.#compacting !== null) await this.#letOthersRun()
    return result
  }

  async read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
    this.#requireOpen()
    return this.#inTurn(async () => {
      try {
        return await readSince(this.#journal, since)
      } catch (error) {
        throw this.#failure(error)
      }
    })
  }

  peek(since: Version): readonly Change[] | null {
    this.#requireOpen()
    const { lifeShown, life, version, recent } = this.#journal
    return lifeShown === life && since < version ? recent.between(since, version) : null
  }

  async owner(): Promise<string | null> {
    this.#requireOpen()
    return this.#inTurn(async () => {
      try {
        const file = await this.#journal.look()
        return file?.replay.standing?.owner ?? null
      } catch (error) {
        throw this.#failure(error)
      }
    })
  }

  async claim(next: string | null, previous: string | null): Promise<boolean> {
    this.#requireOpen()
    return this.#inTurn(() => claimJournal(this.#journal, next, previous))
  }

  onHint(listener: () => void): Disposable {
    this.#requireOpen()
    return this.#watch.listen(listener)
  }

  async *history(): AsyncGenerator<Change | Snapshot, void, void> {
    this.#requireOpen()
    try {
      yield* readHistory(this.#journal, (work) => {
        this.#requireOpen()
        return this.#inTurn(work)
      })
    } catch (error) {
      throw this.#failure(error)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#watch.close()
    await this.#turns
    this.#stop.abort()
    await this.#compacting
    await this.#turns
    try {
      await this.#journal.close()
    } catch (error) {
      throw systemFailure(error, this.#journal.place, 'could not be closed')
    } finally {
      this.#release()
    }
  }

  /** In a turn of its own: the commit that made it due does not wait for it. */
  #compact(): void {
    if (this.#compacting !== null || this.#closing !== null) return
    this.#compacting = this.#compactOnce()
  }

  /**
   * With durability `process` a commit waits for nothing outside of this thread: one after another they
   * would keep the event loop from ever telling that the worker is done.
   */
  async #letOthersRun(): Promise<void> {
    this.#commitsInARow += 1
    if (this.#commitsInARow < mostCommitsInARow) return
    this.#commitsInARow = 0
    await setImmediate()
  }

  async #compactOnce(): Promise<void> {
    await compact(this.#journal, (work) => this.#inTurn(work), this.#stop.signal)
    this.#compacting = null
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#turns.then(work)
    this.#turns = result.catch(() => null) // told to whoever asked for that one
    return result
  }

  #requireOpen(committed?: false): void {
    if (this.#closing === null) return
    const { name } = this.#journal.place
    const error = closedError(`The handle on the state ${JSON.stringify(name)}`, name)
    if (committed === undefined) throw error
    throw new HoldfastError(error.code, error.message, { state: name, committed })
  }

  #failure(error: unknown): HoldfastError {
    return systemFailure(error, this.#journal.place, 'could not be read')
  }
}

/** @throws HoldfastError `INVALID` for what is no step of a sequence. */
function requireStep({ base, version }: PendingChange, { name, path }: JournalPlace): void {
  if (
    Number.isSafeInteger(base) &&
    base >= 0 &&
    version === base + 1 &&
    Number.isSafeInteger(version)
  )
    return
  const message =
    `The state ${JSON.stringify(name)} could not be committed to ${path}: a change from version ${base} ` +
    `to ${version} is no step of a sequence. Nothing was written.`
  throw new HoldfastError('INVALID', message, { state: name, committed: false })
}
