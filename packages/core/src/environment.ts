import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'

/** What core needs of the world besides a backend: time and chance. */
export interface Environment {
  /** Wall clock, in milliseconds since 1970. */
  now(): number
  /** A clock that never goes back, in milliseconds. */
  monotonicMs(): number
  /**
   * Calls `run` once, in `delayMs` milliseconds, unless the function that it returns was called
   * before. What waits must not keep the process alive.
   */
  after(delayMs: number, run: () => void): () => void
  /** A fresh random token of at least 48 bits, in characters that need no escaping. */
  token(): string
  /** Who this process is, for people and for `writer`: `host/pid`. */
  readonly process: string
}

/** The real clock, randomness and process. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref()
    return () => clearTimeout(timer)
  },
  // 122 random bits; Node draws them in advance, for many at once.
  token: () => randomUUID(),
  process: `${hostname()}/${process.pid}`,
}
