import type { HoldfastError } from '@holdfast/core'
import type { OwnableSequence } from '@holdfast/journal'
import { Hold } from './hold.ts'
import { lockedError, lockFailure, ownershipLostError } from './lock-error.ts'
import { events } from './lock-events.ts'
import { tidyQueue } from './queue.ts'
import type { StateLock } from './state-lock.ts'

/** How long until a lock that could not be put back is tried again. */
const retryMs = 1000

/** How a state is opened to oneself. */
export interface OwnershipTerms {
  /** How long to wait for another process that has it to itself. */
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * A process's having one state to itself: by the lock, which keeps others from trying, and by a claim in
 * the journal, which keeps them and this one from doing harm. Whoever takes the lock over claims the
 * state next; from then on nothing counts that this process writes, however late it wakes up.
 */
export class Ownership {
  /** The name that the journal knows this owner by. */
  readonly writer: string
  readonly #journal: OwnableSequence
  readonly #lock: StateLock
  readonly #lost = new AbortController()
  #hold: Hold | null = null
  #heldSinceMs = 0
  #isEnded = false
  #restoring: Promise<void> | null = null

  constructor(journal: OwnableSequence, lock: StateLock) {
    this.#journal = journal
    this.#lock = lock
    const { environment } = lock.place.context
    this.writer = `${environment.process}/${environment.token()}`
  }

  /** The name of the state. */
  get state(): string {
    return this.#lock.place.name
  }

  /** Aborted, with `OWNERSHIP_LOST` as its reason, when the state is another's. */
  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /**
   * Takes the lock and claims the state. On failure nothing stays taken.
   * @throws HoldfastError `LOCKED`; the signal's reason; `IO`, `NO_SPACE`, and what the journal throws.
   */
  async begin({ waitMs, signal }: OwnershipTerms): Promise<void> {
    try {
      const result = await this.#acquire(waitMs, signal)
      if (!(result instanceof Hold)) throw lockedError(this.#lock.place, result)
      this.#hold = result
      while (!(await this.#journal.claim(this.writer, await this.#journal.owner())));
    } catch (error) {
      this.#isEnded = true
      await this.#giveBack().catch(() => null) // the first error tells what happened
      if (signal?.aborted && error === signal.reason) throw error
      throw lockFailure(error, this.#lock.place)
    }
  }

  /**
   * Makes sure that the lock is still held; one that was removed, and is nobody else's, is put back.
   * @throws HoldfastError `OWNERSHIP_LOST`; `IO`, `NO_SPACE` where the system refuses.
   */
  async check(): Promise<void> {
    this.#requireOwn()
    try {
      if (this.#hold !== null && (await this.#hold.isHeld())) return
    } catch (error) {
      throw lockFailure(error, this.#lock.place, false)
    }
    await this.#restore()
    this.#requireOwn()
  }

  /** The state is another's: tells so, and gives the error to throw. */
  lose(reason: string, cause?: unknown): HoldfastError {
    const { signal } = this.#lost
    if (!signal.aborted) {
      this.#tellLost(false)
      this.#lost.abort(ownershipLostError(this.#lock.place, reason, cause))
    }
    return signal.reason
  }

  /** Gives the state up: its claim first, then the lock. @throws what the journal throws; the lock is free then. */
  async end(): Promise<void> {
    this.#isEnded = true
    await this.#restoring
    try {
      if (!this.signal.aborted) await this.#journal.claim(null, this.writer)
    } finally {
      await this.#giveBack()
    }
  }

  #acquire(waitMs: number, signal?: AbortSignal): ReturnType<StateLock['acquire']> {
    this.#heldSinceMs = this.#now()
    return this.#lock.acquire({
      kind: 'exclusive',
      // A turn among many is over in milliseconds. What may be gone is waited for: that is short too.
      mayWait: ({ holder, isDoubtful }, waitedMs) =>
        holder.kind === 'shared' || isDoubtful || waitedMs < waitMs,
      onLost: () => this.#onLost(),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  /** From a timer of proper-lockfile's: nobody hears what is thrown here. */
  #onLost(): void {
    if (this.#isEnded || this.signal.aborted) return
    const { name: state, location, context } = this.#lock.place
    this.#restore().catch((error: unknown) => {
      events.lockFailed({ state, location, kind: 'exclusive', error })
      context.environment.after(retryMs, () => this.#onLost())
    })
  }

  #restore(): Promise<void> {
    this.#restoring ??= this.#takeAgain().finally(() => {
      this.#restoring = null
    })
    return this.#restoring
  }

  async #takeAgain(): Promise<void> {
    try {
      if (this.#hold !== null && (await this.#hold.isHeld())) return
      const heldSinceMs = this.#heldSinceMs
      const result = await this.#acquire(0)
      this.#heldSinceMs = heldSinceMs
      if (!(result instanceof Hold)) {
        this.lose(lockedError(this.#lock.place, result).message)
        return
      }
      this.#hold = result
      // It may have been another's in between.
      if (await this.#journal.claim(this.writer, this.writer)) this.#tellLost(true)
      else this.lose('another process had it in the meantime')
      if (this.signal.aborted) await this.#giveBack()
    } catch (error) {
      throw lockFailure(error, this.#lock.place, false)
    }
  }

  async #giveBack(): Promise<void> {
    const hold = this.#hold
    this.#hold = null
    await hold?.release()
    await tidyQueue(this.#lock.place)
  }

  #requireOwn(): void {
    if (this.signal.aborted) throw this.signal.reason
  }

  #tellLost(isRestored: boolean): void {
    const { name: state, location } = this.#lock.place
    const durationMs = this.#now() - this.#heldSinceMs
    events.lockLost({ state, location, kind: 'exclusive', durationMs, isRestored })
  }

  #now(): number {
    return this.#lock.place.context.environment.monotonicMs()
  }
}
