import { Hold } from './hold.ts'
import { lockedError, lockFailure } from './lock-error.ts'
import { events } from './lock-events.ts'
import { nameIsThere } from './name-is-there.ts'
import { tidyQueue } from './queue.ts'
import type { StateLock } from './state-lock.ts'

/**
 * How many times in a row a writer loses to others, at most and at least, until it asks for the lock.
 * A race costs less than a turn as long as everybody wins now and then.
 */
const mostLosses = 16
const fewestLosses = 2
/** How often it is looked whether somebody has the lock. */
const lookEveryMs = 2
/** How long those who race stand back for whoever has the lock, before they queue for it. */
const standBackMs = 20
/** How long a turn goes on after a conflict, until the work is done again. */
const leaseMs = 10
/** How long one holder of a turn is waited for: a turn that does not end is gone without. */
const patienceMs = 100

/**
 * The turns of one handle among many writers of a state. Writers race: a commit that lost is made again
 * on what came first. One that keeps losing, because its recipes are longer or its share of the machine
 * is smaller, queues for the lock, and the others stand back until it has committed; the more often it
 * needs that, the sooner it asks. The lock is for order: a writer that cannot have it in good time goes
 * on without, and loses nothing by that.
 */
export class SharedTurns {
  readonly #lock: StateLock
  readonly #waitMs: number
  readonly #onTurn: () => Promise<unknown>
  #hold: Hold | null = null
  #lookedAtMs = Number.NEGATIVE_INFINITY
  /** The calls of `run` that are not over, and those among them whose work has begun. */
  #calls = 0
  #working = 0
  /** The last work lost to another writer, and is about to be done again on what that one wrote. */
  #isBehind = false
  /** How often it did in a row, and how often it may until the lock is asked for. */
  #losses = 0
  #lossLimit = mostLosses
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
    this.#losses += 1
  }

  /**
   * Runs `work`: in a race with others, or in turn where it keeps losing, or always `inTurn`. Work within
   * work is in its turn.
   * @throws what `work` throws; HoldfastError `LOCKED` where another process has the state to itself, or `IO`,
   * `NO_SPACE` where the system refuses the lock: then `work` was not run.
   */
  async run<R>(work: () => Promise<R>, when: 'ifNeeded' | 'inTurn' = 'ifNeeded'): Promise<R> {
    const isWithin = this.#working > 0
    this.#calls += 1
    try {
      if (when === 'inTurn' || !(isWithin || (await this.#mayRace()))) await this.#take()
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

  /** Whether the work can be done without the lock. Stands back for who has it. */
  async #mayRace(): Promise<boolean> {
    if (this.#hold !== null) return true
    if (this.#losses >= this.#lossLimit) return false
    const now = this.#now()
    if (now - this.#lookedAtMs < lookEveryMs) return true
    this.#lookedAtMs = now
    const { place } = this.#lock
    await this.#changes // its own turn may be about to end
    try {
      if (!(await this.#isTaken()) || (await this.#isStuck())) return true
      for (const endMs = now + standBackMs; this.#now() < endMs;) {
        await place.context.files.sleep(1)
        if (!(await this.#isTaken())) return true
      }
      return false
    } catch (error) {
      throw lockFailure(error, place, false)
    }
  }

  async #isTaken(): Promise<boolean> {
    const { context, held } = this.#lock.place
    return nameIsThere(context.fileSystem, held)
  }

  async #take(): Promise<void> {
    await this.#inChange(async () => {
      try {
        if (this.#hold === null) await this.#acquire()
      } catch (error) {
        throw lockFailure(error, this.#lock.place, false)
      }
    })
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

  /** After a conflict the state is read first, and the turn goes on meanwhile, for a lease at most. */
  #afterCall(): void {
    if (this.#calls > 0) return
    const { environment } = this.#lock.place.context
    if (this.#isBehind) {
      if (this.#hold !== null) environment.after(leaseMs, () => this.#end())
      return
    }
    this.#noteDone()
    this.#end()
  }

  /** Who had to wait for a turn asks for the next one sooner. */
  #noteDone(): void {
    if (this.#hold === null) this.#lossLimit = Math.min(this.#lossLimit + 1, mostLosses)
    else if (this.#losses > 0) {
      this.#lossLimit = Math.max(this.#lossLimit >> 1, fewestLosses)
    }
    this.#losses = 0
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
