import {
  HoldfastError,
  type Change,
  type CommitResult,
  type ErrorCode,
  type HoldfastErrorOptions,
  type LoadOptions,
  type PendingChange,
  type Sequence,
  type Snapshot,
  type Version,
} from '@holdfast/core'
import type { Foreign } from './faults.ts'
import type { KeptState } from './kept-state.ts'
import type { Memory } from './memory.ts'

/**
 * The rules of the contract over one `KeptState`. Between the comparison of the base and the append
 * nothing awaits, so no other commit of this process comes between: that makes "exactly one" true.
 */
export class MemorySequence implements Sequence {
  readonly location: string
  readonly #memory: Memory
  readonly #state: KeptState
  readonly #keep: number
  readonly #siblings: Set<MemorySequence>
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #listeners = new Set<Disposable>()
  #isClosed = false

  /** `siblings` are the open sequences of the backend; this one leaves them when it is closed. */
  constructor(memory: Memory, name: string, keep: number, siblings: Set<MemorySequence>) {
    this.location = `memory:${name}`
    this.#memory = memory
    this.#state = memory.state(name)
    this.#keep = keep
    this.#siblings = siblings
  }

  async load(options?: LoadOptions): Promise<Snapshot | null> {
    this.#assertOpen()
    options?.signal?.throwIfAborted()
    this.#memory.faults.throwForRead(this.#state.name)
    return this.#state.snapshot()
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    this.#assertOpen({ committed: false })
    this.#assertValid(change)
    const committing = this.#commit(change)
    this.#underWay.add(committing)
    try {
      return await committing
    } finally {
      this.#underWay.delete(committing)
    }
  }

  async read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
    this.#assertOpen()
    this.#memory.faults.throwForRead(this.#state.name)
    const changes = this.#state.changesAfter(since)
    if (changes !== null) return { changes }
    const snapshot = this.#state.snapshot()
    return snapshot === null ? { changes: [] } : { snapshot }
  }

  onHint(listener: () => void): Disposable {
    this.#assertOpen()
    const listening = this.#state.listen(listener)
    this.#listeners.add(listening)
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]()
        this.#listeners.delete(listening)
      },
    }
  }

  async *history(): AsyncIterable<Change> {
    this.#assertOpen()
    if (this.#keep === 0) {
      throw this.#error('UNSUPPORTED', 'has no history, since `keep` is 0. Keep some changes.')
    }
    this.#memory.faults.throwForRead(this.#state.name)
    const { version, changeCount } = this.#state
    yield* this.#state.changesAfter(version - changeCount)?.toReversed() ?? []
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const listening of this.#listeners) listening[Symbol.dispose]()
    await Promise.allSettled(this.#underWay)
    this.#siblings.delete(this)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #commit(change: PendingChange): Promise<CommitResult> {
    const { wait, foreign, failure } = this.#memory.faults.takeForCommit()
    await wait?.()
    if (foreign !== undefined) this.#overtake(change, foreign)
    if (failure !== undefined && !failure.isLate) throw failure.error(this.#state.name)
    const result = this.#compareAndAppend(change)
    if (failure === undefined) return result
    const error = failure.error(this.#state.name)
    // An error that claims `committed: true` would be a lie about a change that lost.
    if (error.committed === true && !result.committed) return result
    throw error
  }

  #compareAndAppend(change: PendingChange): CommitResult {
    const newest = this.#state.version
    if (change.base !== newest) return { committed: false, newest }
    const document = this.#makeDocument(change)
    this.#assertSpace(document)
    this.#state.append(change, document, this.#keep)
    return { committed: true }
  }

  /** Commits what `foreign` makes of the newest snapshot, as another writer would just before `own`. */
  #overtake(own: Change, foreign: Foreign): void {
    const newest = this.#state.snapshot()
    const base = newest?.version ?? 0
    const value = foreign(newest)
    const change: Change = {
      base,
      version: base + 1,
      id: `${own.id}/overtaken`,
      writer: 'memory/0/foreign',
      at: own.at,
      schema: newest?.schema ?? own.schema,
      patches: [{ op: base === 0 ? 'add' : 'replace', path: '', value }],
    }
    this.#state.append(change, JSON.stringify(value), this.#keep)
  }

  #makeDocument(change: PendingChange): string {
    try {
      return change.document()
    } catch (cause) {
      const what = `cannot be committed as version ${change.version}: its document could not be made.`
      throw this.#error('INVALID', `${what} See the cause.`, { committed: false, cause })
    }
  }

  #assertValid({ base, version }: Change): void {
    if (Number.isSafeInteger(base) && base >= 0 && version === base + 1) return
    const what = `was given a change from version ${base} to ${version}.`
    throw this.#error('INVALID', `${what} Each change adds one.`, { committed: false })
  }

  #assertSpace(document: string): void {
    const { capacityBytes } = this.#memory.faults
    if (capacityBytes === Number.POSITIVE_INFINITY) return
    const others = this.#memory.written().filter((state) => state !== this.#state)
    const bytes = others.reduce((sum, state) => sum + state.documentBytes, 0)
    const needed = bytes + Buffer.byteLength(document)
    if (needed <= capacityBytes) return
    const what = `does not fit: ${needed} bytes are needed, and capacityBytes is ${capacityBytes}.`
    throw this.#error('NO_SPACE', `${what} Make room.`, { committed: false })
  }

  #assertOpen(options?: HoldfastErrorOptions): void {
    if (this.#isClosed) throw this.#error('CLOSED', 'was closed. Open it again to go on.', options)
  }

  #error(code: ErrorCode, what: string, options?: HoldfastErrorOptions): HoldfastError {
    const { name } = this.#state
    return new HoldfastError(code, `State "${name}" in memory ${what}`, { ...options, state: name })
  }
}
