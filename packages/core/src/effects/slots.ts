/** Lets so many in at once; the others wait, first come, first served. */
export class Slots {
  #free: number
  readonly #waiting = new Set<{ admit(): void; refuse(error: unknown): void }>()

  constructor(count: number) {
    this.#free = count
  }

  /**
   * Waits for a slot; resolves with the function that gives it back.
   * @throws The signal's reason once it is aborted, or what `refuseWaiting` was given.
   */
  take(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const settle = (end: () => void): void => {
        signal.removeEventListener('abort', leave)
        this.#waiting.delete(waiter)
        end()
      }
      const leave = (): void => settle(() => reject(signal.reason))
      const waiter = {
        admit: () => settle(() => resolve(this.#take())),
        refuse: (error: unknown) => settle(() => reject(error)),
      }
      if (this.#free > 0) return resolve(this.#take())
      signal.addEventListener('abort', leave)
      this.#waiting.add(waiter)
      return undefined
    })
  }

  /** Refuses all who wait now. */
  refuseWaiting(error: unknown): void {
    for (const waiter of this.#waiting) waiter.refuse(error)
  }

  #take(): () => void {
    this.#free--
    return () => {
      this.#free++
      const [next] = this.#waiting
      next?.admit()
    }
  }
}
