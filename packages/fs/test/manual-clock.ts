import { fileEnvironment } from '../src/index.ts'
import type { FileEnvironment } from '../src/index.ts'

export interface ManualClock {
  readonly environment: FileEnvironment
  /** Every wait that was asked for, in order. */
  readonly sleeps: number[]
}

/** A clock that only sleeping moves, and randomness that is always `random`. */
export function manualClock(random = 0.5): ManualClock {
  const sleeps: number[] = []
  let now = 0
  const environment = fileEnvironment({
    monotonicMs: () => now,
    random: () => random,
    async sleep(durationMs, signal) {
      signal?.throwIfAborted()
      sleeps.push(durationMs)
      now += durationMs
    },
  })
  return { environment, sleeps }
}
