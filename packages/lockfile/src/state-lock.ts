import { HoldfastError } from '@holdfast/core'
import { hasCode } from '@holdfast/fs'
import { events } from './lock-events.ts'
import { guardedFileSystem } from './guarded-file-system.ts'
import { Hold } from './hold.ts'
import { HolderObserver, type Verdict } from './holder-observer.ts'
import { loadProperLockfile } from './load-proper-lockfile.ts'
import { lockFailure, type Refusal } from './lock-error.ts'
import type { LockPlace } from './lock-place.ts'
import { LockWaiting } from './lock-waiting.ts'
import { nameIsThere } from './name-is-there.ts'
import { removeHolder, tidyQueue } from './queue.ts'
import { Ticket } from './ticket.ts'
import type { LockKind } from './ticket-name.ts'

/** proper-lockfile's least. The holder of a turn gives it back long before the first beat. */
const beatMs = 1000

/** What the lock is wanted for, and how long. */
export interface LockTerms {
  readonly kind: LockKind
  /** Whether to go on waiting for who has the lock now. */
  mayWait(holder: Verdict & { kind: 'held' }, waitedMs: number): boolean
  /** Called once, when the lock is not this process's any more although it was not released. */
  readonly onLost?: () => void
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal
}

/** The lock of one state, as one handle sees it. */
export class StateLock {
  readonly place: LockPlace
  readonly observer: HolderObserver

  constructor(place: LockPlace) {
    this.place = place
    this.observer = new HolderObserver(place)
  }

  /**
   * Waits for the lock, longest first, as long as `terms` want; else tells who has it. One call at a
   * time.
   * @throws the signal's reason; HoldfastError `IO` where a stranger's file is in the way; at once the
   * system's error where it is not a matter of waiting.
   */
  async acquire(terms: LockTerms): Promise<Hold | Refusal> {
    const { environment, lock } = this.place.context
    if (lock === 'off') return new Hold(null, async () => undefined)
    const startedMs = environment.monotonicMs()
    const waitedMs = (): number => environment.monotonicMs() - startedMs
    const ticket = await Ticket.enter(this.place, terms.kind)
    const waiting = new LockWaiting(this.place, ticket, terms.kind, terms.signal)
    let outcome: Hold | Refusal | null = null
    try {
      for (;;) {
        terms.signal?.throwIfAborted()
        outcome = await this.#attempt(ticket, terms, waitedMs)
        if (outcome !== null) return outcome
        await waiting.pause()
      }
    } finally {
      waiting[Symbol.dispose]()
      if (!(outcome instanceof Hold)) await ticket.withdraw()
      this.#tell(terms.kind, outcome, waitedMs())
    }
  }

  /**
   * Removes what the dead have left of the lock, so that it does not lie about until somebody wants
   * it. Where this process may not, it stays; and a stranger's file is for those to hear of whom it
   * keeps from the lock.
   */
  async sweep(): Promise<void> {
    const { place, observer } = this
    if (place.context.lock === 'off') return
    try {
      if (!(await nameIsThere(place.context.fileSystem, place.home))) return
      const verdict = await observer.look()
      if (verdict.kind === 'gone' && verdict.passing === 'dead') {
        if (await removeHolder(place, verdict.holder)) this.#tellTakeover('shared', verdict, 0)
      }
      await tidyQueue(place)
    } catch (error) {
      if (HoldfastError.is(error) || hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return
      throw lockFailure(error, place)
    }
  }

  async #attempt(
    ticket: Ticket,
    terms: LockTerms,
    waitedMs: () => number,
  ): Promise<Hold | Refusal | null> {
    const { observer } = this
    observer.forget()
    const hold = await this.#lock(ticket, terms)
    const { verdict } = observer
    if (hold !== null) {
      if (verdict.kind === 'gone') this.#tellTakeover(terms.kind, verdict, waitedMs())
      return hold
    }
    if (verdict.kind !== 'held' || terms.mayWait(verdict, waitedMs())) return null
    const { holder, liveness } = verdict
    return { ticket: holder, liveness, holder: await observer.describe(holder) }
  }

  /** One attempt of proper-lockfile; null where somebody else has the lock. */
  async #lock(ticket: Ticket, { onLost }: LockTerms): Promise<Hold | null> {
    const { place, observer } = this
    let isOver = false
    try {
      const release = await loadProperLockfile().lock(ticket.path, {
        lockfilePath: place.held,
        realpath: false,
        retries: 0,
        stale: Math.max(place.staleMs, 2 * beatMs),
        update: beatMs,
        fs: guardedFileSystem(place, ticket, observer),
        // Its own would throw from a timer. It may come after a release, which then was none of loss.
        onCompromised: () => {
          if (!isOver) onLost?.()
          isOver = true
        },
      })
      return new Hold(ticket, async () => {
        isOver = true
        await release()
      })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return null
      // It was taken from this process while that took it: it was stopped, and others passed it over.
      if (hasCode(error, 'ENOENT')) return null
      throw error
    }
  }

  #tellTakeover(
    kind: LockKind,
    { record: holder, passing }: Verdict & { kind: 'gone' },
    durationMs: number,
  ): void {
    const { name: state, location } = this.place
    events.takeover({ state, location, kind, holder, passing, durationMs })
  }

  #tell(kind: LockKind, result: Hold | Refusal | null, durationMs: number): void {
    const { name: state, location } = this.place
    const outcome =
      result === null
        ? 'failed'
        : result instanceof Hold
          ? 'acquired'
          : result.ticket.kind === 'exclusive'
            ? 'refused'
            : 'unlocked'
    events.lockWait({ state, location, kind, durationMs, outcome })
  }
}
