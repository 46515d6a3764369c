import { setImmediate, setTimeout } from 'node:timers/promises'

/** At full speed, how long the event loop may go without a turn: signals are noticed in it. */
const turnMs = 50

/** Waits until the next candle is due. Resolves early, without an error, when stopped. */
export type Pace = () => Promise<void>

/** A pace of so many candles a second; as fast as it goes without. */
export function pace(candlesPerSecond: number | undefined, signal: AbortSignal): Pace {
  return candlesPerSecond === undefined ? fullSpeed() : steady(1000 / candlesPerSecond, signal)
}

function fullSpeed(): Pace {
  let turnAt = performance.now()
  return async () => {
    if (performance.now() - turnAt < turnMs) return
    await setImmediate()
    turnAt = performance.now()
  }
}

function steady(intervalMs: number, signal: AbortSignal): Pace {
  let dueAt = performance.now()
  return async () => {
    dueAt += intervalMs
    const waitMs = dueAt - performance.now()
    if (waitMs <= 0 || signal.aborted) {
      await setImmediate()
      return
    }
    await setTimeout(waitMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
