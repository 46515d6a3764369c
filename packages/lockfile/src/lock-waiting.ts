import { hasCode } from '@holdfast/fs'
import type { LockPlace } from './lock-place.ts'
import { nameIsThere } from './name-is-there.ts'
import type { Ticket } from './ticket.ts'
import type { LockKind } from './ticket-name.ts'

/** The first and the longest wait between two looks, where no event comes. */
const firstMs = 1
const longestMs: Readonly<Record<LockKind, number>> = { shared: 12, exclusive: 40 }
const growth = 1.5
/** How often, at most, it is asked whether the holder still lives: that takes several calls. */
const judgeEveryMs: Readonly<Record<LockKind, number>> = { shared: 40, exclusive: 25 }

/**
 * The waiting of one ticket for the lock. Handing it over moves the ticket's directory, and that is
 * what is watched: so each waits for its own turn alone, and nobody is woken by another's. Where the
 * lock is left free instead, or the file system has no events, a look now and then finds out.
 */
export class LockWaiting implements Disposable {
  readonly #place: LockPlace
  readonly #ticket: Ticket
  readonly #kind: LockKind
  readonly #signal: AbortSignal | undefined
  #watcher: Disposable | null = null
  #isMoved = false
  #delayMs = firstMs
  #wake: () => void = () => undefined

  constructor(place: LockPlace, ticket: Ticket, kind: LockKind, signal: AbortSignal | undefined) {
    this.#place = place
    this.#ticket = ticket
    this.#kind = kind
    this.#signal = signal
  }

  /**
   * Waits until the ticket may have the lock, or it is time to ask whether its holder still lives.
   * @throws the signal's reason.
   */
  async pause(): Promise<void> {
    const { context, held } = this.#place
    const { environment, files, fileSystem } = context
    this.#watch()
    const judgeAtMs = environment.monotonicMs() + judgeEveryMs[this.#kind]
    for (;;) {
      if (!this.#isMoved) await this.#sleep(this.#delayMs * (0.5 + files.random()))
      this.#delayMs = Math.min(this.#delayMs * growth, longestMs[this.#kind])
      if (this.#isMoved || environment.monotonicMs() >= judgeAtMs) break
      if (!(await nameIsThere(fileSystem, held))) break
    }
    this.#isMoved = false
  }

  [Symbol.dispose](): void {
    this.#watcher?.[Symbol.dispose]()
  }

  #watch(): void {
    if (this.#watcher !== null) return
    try {
      this.#watcher = this.#place.context.fileSystem.watch(this.#ticket.path, () => {
        this.#isMoved = true
        this.#wake()
      })
    } catch (error) {
      if (hasCode(error, 'ENOENT')) this.#isMoved = true
      // The system may have no watches left, or none at all.
      else if (!hasCode(error, 'EMFILE', 'ENOSPC', 'ENOSYS')) throw error
    }
  }

  async #sleep(durationMs: number): Promise<void> {
    const signal = this.#signal
    const waking = new AbortController()
    const wake = (): void => waking.abort()
    this.#wake = wake
    signal?.addEventListener('abort', wake)
    try {
      await this.#place.context.files.sleep(durationMs, waking.signal)
    } catch (error) {
      if (!waking.signal.aborted) throw error
    } finally {
      this.#wake = () => undefined
      signal?.removeEventListener('abort', wake)
    }
    signal?.throwIfAborted()
  }
}
