import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'

/** What core needs of the world besides a backend: time and chance. */
export interface Environment {
  /** Wall clock, in milliseconds since 1970. */
  now(): number
  /** A clock that never goes back, in milliseconds. */
  monotonicMs(): number
  /** A fresh random token of at least 48 bits, in characters that need no escaping. */
  token(): string
  /** Who this process is, for people and for `writer`: `host/pid`. */
  readonly process: string
}

/** The real clock, randomness and process. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  // 122 random bits; Node draws them in advance, for many at once.
  token: () => randomUUID(),
  process: `${hostname()}/${process.pid}`,
}
