import type { QueuedUpdate } from './queued-update.ts'

/** An update that failed on the document as it was, and what it threw. */
interface RefusedUpdate {
  readonly update: QueuedUpdate
  readonly error: unknown
}

/**
 * The updates of one state that are not settled, in call order: those in the commit under way, then
 * those that wait for the next. All of them are done on the document in memory, each on top of the
 * one before; so they are taken back from the last on, and done again from the first on. Beside them
 * are those that failed, until their callers may be told.
 */
export class UpdateQueue {
  #inFlight: QueuedUpdate[] = []
  #waiting: QueuedUpdate[] = []
  #refused: RefusedUpdate[] = []

  get isEmpty(): boolean {
    return this.#inFlight.length + this.#waiting.length + this.#refused.length === 0
  }

  /** What the callers of all these updates were given. */
  get promises(): readonly Promise<unknown>[] {
    const refused = this.#refused.map(({ update }) => update)
    return [...this.#inFlight, ...this.#waiting, ...refused].map(({ promise }) => promise)
  }

  /** The updates of the commit under way. */
  get inFlight(): readonly QueuedUpdate[] {
    return this.#inFlight
  }

  /** Does an update; then it waits for the next commit, or is refused. */
  do(update: QueuedUpdate): void {
    try {
      update.step = update.run()
      this.#waiting.push(update)
    } catch (error) {
      this.#refused.push({ update, error })
    }
  }

  /** Tells the callers of the updates that failed, each its own error, or `instead`. */
  settleRefused(instead?: unknown): void {
    if (this.#refused.length === 0) return
    const refused = this.#refused
    this.#refused = []
    for (const { update, error } of refused) update.reject(instead ?? error)
  }

  /** Moves everything that waits into the commit that begins now. */
  takeBatch(): readonly QueuedUpdate[] {
    this.#inFlight = this.#waiting
    this.#waiting = []
    return this.#inFlight
  }

  /** Forgets the commit under way: its updates are settled, and stay done. */
  settleBatch(): readonly QueuedUpdate[] {
    const settled = this.#inFlight
    this.#inFlight = []
    return settled
  }

  /**
   * Takes all updates back, calls `between`, and does those again that `keep` lets stay, which then
   * wait for the next commit. One that fails on what it finds now is refused, alone. When `between`
   * throws, all that were kept are rejected with its error.
   */
  redoOn(between: () => void, keep: (update: QueuedUpdate) => boolean = () => true): void {
    const updates = [...this.#inFlight, ...this.#waiting]
    this.#inFlight = []
    this.#waiting = []
    for (const update of updates.toReversed()) {
      update.step?.undo()
      update.step = undefined
    }
    const kept = updates.filter(keep)
    try {
      between()
    } catch (error) {
      for (const update of kept) update.reject(error)
      throw error
    }
    for (const update of kept) this.do(update)
  }

  /** Takes `update` out if it still waits, and does those after it again; tells whether it did. */
  withdraw(update: QueuedUpdate): boolean {
    const index = this.#waiting.indexOf(update)
    if (index === -1) return false
    const after = this.#waiting.splice(index)
    for (const later of after.toReversed()) later.step?.undo()
    for (const later of after.slice(1)) this.do(later)
    return true
  }

  /** Calls `look` while the updates that wait are taken back. */
  withoutWaiting<R>(look: () => R): R {
    for (const update of this.#waiting.toReversed()) update.step?.undo()
    try {
      return look()
    } finally {
      for (const update of this.#waiting) update.step?.redo()
    }
  }
}
