import type { Change, CommitResult, PendingChange, Sequence, Version } from './backend.ts'
import { patchesOf } from './batch-patches.ts'
import { publish } from './diagnostics.ts'
import type { Environment } from './environment.ts'
import { HoldfastError } from './error.ts'
import type { LiveDocument, Step } from './live-document.ts'
import type { Patch } from './patch.ts'
import type { StateChangeFeed } from './state-change-feed.ts'
import { conflict, Intake } from './intake.ts'
import { QueuedUpdate } from './queued-update.ts'
import { UpdateQueue } from './update-queue.ts'

/** How often one batch of updates may lose against other writers before it is given up. */
const mostConflicts = 1000
/** How often a commit is tried again that a backend could not tell the outcome of. */
const mostRetries = 3

/** What a committer works on. */
export interface CommitterParts {
  readonly name: string
  readonly schemaVersion: number
  readonly sequence: Sequence
  readonly document: LiveDocument
  readonly environment: Environment
  readonly feed: StateChangeFeed
  readonly writer: string
}

/**
 * Brings the updates of one state into its sequence.
 *
 * Invariants, between any two steps of the event loop:
 *  1. the document in memory is the stored one at its version, plus `filledIn`, plus every update of
 *     the queue in order;
 *  2. at most one commit or read is under way, and a commit carries all updates that waited when it
 *     began: exactly those in flight;
 *  3. an update leaves the queue when its promise is settled, and at no other time.
 */
export class Committer {
  readonly #parts: CommitterParts
  readonly #queue = new UpdateQueue()
  readonly #intake: Intake
  readonly #subject: { state: string; location: string }
  #isRunning = false
  #conflicts = 0
  #refreshes: { resolve: (version: Version) => void; reject: (error: unknown) => void }[] = []

  constructor(parts: CommitterParts) {
    this.#parts = parts
    this.#subject = { state: parts.name, location: parts.sequence.location }
    this.#intake = new Intake(parts, this.#queue)
  }

  /** Does an update at once and commits it with the next batch; see `State.update`. */
  submit(run: () => Step, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return refusal(signal.reason)
    this.#intake.beforeUpdate()
    if (this.#intake.broken !== undefined) return refusal(this.#intake.broken)
    const update = new QueuedUpdate(run)
    this.#queue.do(update)
    this.#intake.settleRefused()
    if (update.step === undefined && !this.#intake.isAhead) return update.promise
    if (signal) this.#withdrawOn(signal, update)
    this.#start()
    return update.promise
  }

  /** Takes in what other writers committed; resolves with the version. */
  refresh(): Promise<Version> {
    return new Promise((resolve, reject) => {
      this.#refreshes.push({ resolve, reject })
      this.#start()
    })
  }

  /** What the callers of `submit` were given, of the updates that are not settled. */
  get unsettled(): readonly Promise<unknown>[] {
    return this.#queue.promises
  }

  #withdrawOn(signal: AbortSignal, update: QueuedUpdate): void {
    const withdraw = (): void => {
      if (!this.#queue.withdraw(update)) return
      update.reject(signal.reason)
      this.#intake.settleRefused()
    }
    const forget = (): void => signal.removeEventListener('abort', withdraw)
    signal.addEventListener('abort', withdraw)
    update.promise.then(forget, forget)
  }

  #start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    // Updates made in the same turn of the event loop go out together.
    queueMicrotask(() => void this.#run())
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#refreshes.length > 0) await this.#serveRefreshes()
      else if (!this.#queue.isEmpty) await this.#commitBatch()
      else break
    }
    this.#isRunning = false
  }

  async #serveRefreshes(): Promise<void> {
    const waiting = this.#refreshes
    this.#refreshes = []
    try {
      await this.#intake.catchUp()
      for (const { resolve } of waiting) resolve(this.#parts.document.version)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  async #commitBatch(): Promise<void> {
    const batch = this.#queue.takeBatch()
    const patches = patchesOf(batch)
    if (patches.length === 0) {
      if (this.#intake.isAhead) return this.#makeSure()
      for (const update of this.#queue.settleBatch()) update.resolve()
      return this.#intake.settleRefused()
    }
    const change = this.#changeOf(patches)
    const startedMs = this.#parts.environment.monotonicMs()
    try {
      for (let attempt = 1; !(await this.#tryCommit(change, attempt, startedMs)); attempt++);
    } catch (error) {
      this.#giveUp(error)
    } finally {
      change.settle()
    }
  }

  /** One attempt; false when the same change should be tried again. */
  async #tryCommit(change: PendingChange, attempt: number, startedMs: number): Promise<boolean> {
    let result: CommitResult
    try {
      result = await this.#inTurn(() => this.#parts.sequence.commit(change))
    } catch (error) {
      if (HoldfastError.is(error) && error.committed === true) {
        this.#accept(change, startedMs, error)
        return true
      }
      if (!HoldfastError.is(error, 'OUTCOME_UNKNOWN') || attempt > mostRetries) throw error
      const outcome = await this.#findOut(change)
      publish('holdfast:unknown-outcome', {
        ...this.#subject,
        base: change.base,
        outcome,
        attempt,
        error,
      })
      if (outcome === 'unknown') throw error
      if (outcome === 'absent') return false
      result =
        outcome === 'committed' ? { committed: true } : { committed: false, newest: change.version }
    }
    if (result.committed) this.#accept(change, startedMs)
    else await this.#giveWay(change, result.newest, startedMs)
    return true
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const { sequence } = this.#parts
    return sequence.inTurn ? sequence.inTurn(work) : work()
  }

  #changeOf(patches: readonly Patch[]): PendingChange & { settle(): void } {
    const { document, environment, schemaVersion, writer } = this.#parts
    let isSettled = false
    return {
      base: document.version,
      version: document.version + 1,
      id: environment.token(),
      writer,
      at: new Date(environment.now()).toISOString(),
      schema: schemaVersion,
      patches: document.isStored
        ? joined(document.filledIn, patches)
        : [{ op: 'add', path: '', value: document.stored() }],
      document: (indent, depth) => {
        if (isSettled) throw new TypeError('document() was called after its commit had settled')
        return this.#queue.withoutWaiting(() => document.text(indent, depth))
      },
      settle: () => {
        isSettled = true
      },
    }
  }

  #accept(change: Change, startedMs: number, error?: HoldfastError): void {
    const { document, environment, feed } = this.#parts
    this.#conflicts = 0
    document.markCommitted(change.version)
    const batch = this.#queue.settleBatch()
    publish('holdfast:commit', {
      ...this.#subject,
      version: change.version,
      updates: batch.length,
      patches: change.patches.length,
      durationMs: environment.monotonicMs() - startedMs,
    })
    for (const update of batch) {
      if (error) update.reject(error)
      else update.resolve()
    }
    this.#intake.tell()
    feed.publish(feed.told(change))
  }

  /**
   * Updates that change nothing, or were refused, still say something of what others changed: that has
   * to last first.
   */
  async #makeSure(): Promise<void> {
    try {
      await this.#intake.catchUp()
    } catch (error) {
      this.#giveUp(error)
      this.#queue.settleRefused(error)
    }
  }

  /** Another change came first: does the updates again on what is there now. */
  async #giveWay(change: Change, newest: Version, startedMs: number): Promise<void> {
    this.#conflicts++
    const attempt = this.#conflicts
    const durationMs = this.#parts.environment.monotonicMs() - startedMs
    publish('holdfast:conflict', {
      ...this.#subject,
      base: change.base,
      newest,
      attempt,
      durationMs,
    })
    if (newest < change.base)
      throw conflict(this.#subject, 'it was removed, or put back to an older version')
    if (attempt >= mostConflicts) {
      throw conflict(this.#subject, `it lost against other writers ${attempt} times`)
    }
    await this.#intake.catchUpAhead()
  }

  /** Rejects the batch; what waits is done again without it. */
  #giveUp(error: unknown): void {
    const batch = new Set(this.#queue.inFlight)
    this.#conflicts = 0
    this.#queue.redoOn(
      () => {},
      (update) => !batch.has(update),
    )
    for (const update of batch) update.reject(error)
    this.#intake.settleRefused()
  }

  /** Looks in the sequence for a change whose commit gave no answer. */
  async #findOut(change: Change): Promise<'committed' | 'absent' | 'superseded' | 'unknown'> {
    try {
      const read = await this.#parts.sequence.read(change.base)
      if ('changes' in read) {
        const next = read.changes[0]
        if (next === undefined) return 'absent'
        return next.id === change.id ? 'committed' : 'superseded'
      }
      if (read.snapshot.version <= change.base) return 'absent'
      if (read.snapshot.version > change.version) return 'unknown'
      return read.snapshot.writer === change.writer ? 'committed' : 'superseded'
    } catch {
      // The error that matters is the one of the commit, which the caller throws.
      return 'unknown'
    }
  }
}

/** A rejection that does not end a caller who does not listen. */
function refusal(reason: unknown): Promise<never> {
  const refused = Promise.reject(reason)
  refused.catch(() => {})
  return refused
}

function joined(before: readonly Patch[], after: readonly Patch[]): readonly Patch[] {
  return before.length === 0 ? after : [...before, ...after]
}
