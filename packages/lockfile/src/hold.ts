import type { Ticket } from './ticket.ts'

/** The lock, in the hands of this process until `release()`, or until somebody removes it. */
export class Hold {
  readonly #ticket: Ticket | null
  readonly #giveBack: () => Promise<void>

  /** @param ticket Null where the lock is switched off. */
  constructor(ticket: Ticket | null, giveBack: () => Promise<void>) {
    this.#ticket = ticket
    this.#giveBack = giveBack
  }

  /** Whether the lock still is this one's. @throws the system's error. */
  async isHeld(): Promise<boolean> {
    return this.#ticket === null || this.#ticket.isHeld()
  }

  /**
   * Gives the lock to who waits longest, or leaves it free. Of a lock that was removed, or taken over,
   * nothing is left to give back, and nothing of anybody else's is touched.
   * @throws the system's error.
   */
  async release(): Promise<void> {
    try {
      await this.#giveBack()
    } catch (error) {
      // proper-lockfile has given it up already, because it was removed or could not be kept alive.
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'ERELEASED' && code !== 'ENOTACQUIRED') throw error
      await this.#ticket?.release()
    }
  }
}
