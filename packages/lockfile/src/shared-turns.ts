import { Hold } from './hold.ts'
import { lockedError, lockFailure } from './lock-error.ts'
import { events } from './lock-events.ts'
import { nameIsThere } from './name-is-there.ts'
import { tidyQueue, waitingTickets } from './queue.ts'
import type { StateLock } from './state-lock.ts'

/** How long one turn lasts while others wait: many commits, since handing over costs about one. */
const leaseMs = 10
/**
 * How long a writer whose turn is over goes on beside those that come after it: while one waits for the
 * disk another one has something to do. They may lose to each other; so few of them seldom do.
 */
const besideMs = 4 * leaseMs
/** How often it is looked whether somebody has the lock, by a writer that meets nobody. */
const lookEveryMs = 2
/** How long a writer that met somebody stands in the queue before it commits. */
const mannersMs = 100
/** How long one holder of a turn is waited for: a turn that does not end is gone without. */
const patienceMs = 10 * leaseMs

/**
 * The turns of one handle among many writers of a state. A writer that meets nobody takes no lock. One
 * that lost a commit to another, or finds the lock taken, queues for it, and commits under it until
 * its lease is over and somebody waits, or it has nothing to commit. The lock is for order: a writer
 * that cannot have it in good time goes on without, and loses nothing by that.
 */
export class SharedTurns {
  readonly #lock: StateLock
  readonly #waitMs: number
  readonly #onTurn: () => Promise<unknown>
  #hold: Hold | null = null
  #leaseEndMs = 0
  #politeUntilMs = Number.NEGATIVE_INFINITY
  #besideUntilMs = Number.NEGATIVE_INFINITY
  #lookedAtMs = Number.NEGATIVE_INFINITY
  /** The calls of `run` that are not over, and those among them whose work has begun. */
  #calls = 0
  #working = 0
  /** The last work lost to another writer, and is about to be done again on what that one wrote. */
  #isBehind = false
  #wasLocked = false
  /** Changes of hands, one after the other. */
  #changes: Promise<unknown> = Promise.resolve()
  /** The holder that did not end its turn, as long as it has the lock. */
  #stuck: string | null = null

  /**
   * @param waitMs How long to wait for a process that has the state to itself.
   * @param onTurn Is called when the lock was waited for: others may have committed.
   */
  constructor(lock: StateLock, waitMs: number, onTurn: () => Promise<unknown>) {
    this.#lock = lock
    this.#waitMs = waitMs
    this.#onTurn = onTurn
  }

  /** The work lost to another change: what came first is read next, and the turn goes on meanwhile. */
  noteConflict(): void {
    this.#isBehind = true
  }

  /** The change that came first was another writer's: from now on, in order. */
  noteOthers(): void {
    this.#politeUntilMs = this.#now() + mannersMs
  }

  /**
   * Runs `work`: at once where nobody else is met, in turn otherwise, or always `inTurn`. Work within
   * work is in its turn.
   * @throws what `work` throws; HoldfastError `LOCKED` where another process has the state to itself, or `IO`,
   * `NO_SPACE` where the system refuses the lock: then `work` was not run.
   */
  async run<R>(work: () => Promise<R>, when: 'ifContended' | 'inTurn' = 'ifContended'): Promise<R> {
    const isWithin = this.#working > 0
    this.#calls += 1
    try {
      if (
        when === 'inTurn' ||
        (!isWithin && (this.#hold !== null || (await this.#isContended())))
      ) {
        await this.#take(when === 'inTurn')
      }
      this.#isBehind = false
      this.#working += 1
      try {
        return await work()
      } finally {
        this.#working -= 1
      }
    } finally {
      this.#calls -= 1
      this.#afterCall()
    }
  }

  /** Ends the turn, and removes what is not needed any more. @throws HoldfastError `IO`. */
  async close(): Promise<void> {
    await this.#inChange(async () => {
      try {
        await this.#release()
        if (this.#wasLocked) await tidyQueue(this.#lock.place)
      } catch (error) {
        throw lockFailure(error, this.#lock.place)
      }
    })
  }

  #now(): number {
    return this.#lock.place.context.environment.monotonicMs()
  }

  async #isContended(): Promise<boolean> {
    const { context, held } = this.#lock.place
    const now = this.#now()
    if (now < this.#politeUntilMs) return true
    if (now - this.#lookedAtMs < lookEveryMs) return false
    this.#lookedAtMs = now
    try {
      if (!(await nameIsThere(context.fileSystem, held))) return false
    } catch (error) {
      throw lockFailure(error, this.#lock.place, false)
    }
    this.noteOthers()
    return true
  }

  /** Takes the lock, or goes on with it, if it is to be had; or goes on beside it, unless it `mustHold`. */
  async #take(mustHold: boolean): Promise<void> {
    await this.#inChange(async () => {
      try {
        if (this.#hold !== null && !(await this.#mayGoOn(this.#hold))) {
          await this.#release()
          this.#besideUntilMs = this.#now() + besideMs
        }
        if (!mustHold && this.#now() < this.#besideUntilMs) return
        if (this.#hold === null) await this.#acquire()
      } catch (error) {
        throw lockFailure(error, this.#lock.place, false)
      }
    })
  }

  /** Whether the turn goes on: it is not over, or nobody waits for the next. */
  async #mayGoOn(hold: Hold): Promise<boolean> {
    const now = this.#now()
    if (now < this.#leaseEndMs) return true
    if (this.#working > 0) return true
    if (!(await hold.isHeld()) || (await waitingTickets(this.#lock.place)).length > 0) return false
    this.#leaseEndMs = now + leaseMs
    return true
  }

  async #acquire(): Promise<void> {
    if (await this.#isStuck()) return
    this.#wasLocked = true
    const result = await this.#lock.acquire({
      kind: 'shared',
      mayWait: ({ holder, forMs }, waitedMs) =>
        holder.kind === 'exclusive' ? waitedMs < this.#waitMs : forMs < patienceMs,
    })
    if (result instanceof Hold) {
      this.#hold = result
      await this.#onTurn()
      this.#leaseEndMs = this.#now() + leaseMs
    } else if (result.ticket.kind === 'exclusive') {
      throw lockedError(this.#lock.place, result, false)
    } else this.#stuck = result.ticket.text
  }

  async #isStuck(): Promise<boolean> {
    if (this.#stuck === null) return false
    const verdict = await this.#lock.observer.look()
    if (verdict.kind === 'held' && verdict.holder.text === this.#stuck) return true
    this.#stuck = null
    return false
  }

  /**
   * Right after its commit a writer that waited for it has the next one ready: what is not there by
   * the next turn of the event loop may take long, and others wait. After a conflict the state is read
   * first; that ends with the lease at the latest.
   */
  #afterCall(): void {
    if (this.#hold === null || this.#calls > 0) return
    if (!this.#isBehind) return void setImmediate(() => this.#isBehind || this.#end())
    const { environment } = this.#lock.place.context
    environment.after(Math.max(0, this.#leaseEndMs - this.#now()), () => this.#end())
  }

  #end(): void {
    if (this.#hold === null || this.#calls > 0) return
    this.#inChange(() => this.#release()).catch((error: unknown) => {
      const { name: state, location } = this.#lock.place
      events.lockFailed({ state, location, kind: 'shared', error })
    })
  }

  async #release(): Promise<void> {
    const hold = this.#hold
    this.#hold = null
    if (hold === null) return
    await hold.release()
  }

  #inChange<R>(change: () => Promise<R>): Promise<R> {
    const result = this.#changes.then(change)
    this.#changes = result.catch(() => null) // told to whoever asked for that one
    return result
  }
}
