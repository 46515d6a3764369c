import type { QueuedUpdate } from './queued-update.ts'

/**
 * The updates of one state that are not settled, in call order: those in the commit under way, then
 * those that wait for the next. All of them are done on the document in memory, each on top of the
 * one before; so they are taken back from the last on, and done again from the first on.
 */
export class UpdateQueue {
  #inFlight: QueuedUpdate[] = []
  #waiting: QueuedUpdate[] = []

  get isEmpty(): boolean {
    return this.#inFlight.length + this.#waiting.length === 0
  }

  /** What the callers of all these updates were given. */
  get promises(): readonly Promise<unknown>[] {
    return [...this.#inFlight, ...this.#waiting].map(({ promise }) => promise)
  }

  /** The updates of the commit under way. */
  get inFlight(): readonly QueuedUpdate[] {
    return this.#inFlight
  }

  /** Adds an update that was just done. */
  push(update: QueuedUpdate): void {
    this.#waiting.push(update)
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
   * wait for the next commit. One that fails on what it finds now is rejected, alone. When `between`
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
    for (const update of kept) this.#doAgain(update)
  }

  /** Takes `update` out if it still waits, and does those after it again; tells whether it did. */
  withdraw(update: QueuedUpdate): boolean {
    const index = this.#waiting.indexOf(update)
    if (index === -1) return false
    const after = this.#waiting.splice(index)
    for (const later of after.toReversed()) later.step?.undo()
    for (const later of after.slice(1)) this.#doAgain(later)
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

  #doAgain(update: QueuedUpdate): void {
    try {
      update.step = update.run()
      this.#waiting.push(update)
    } catch (error) {
      update.reject(error)
    }
  }
}
