import type { Ledger } from './ledger.ts'
import type { MarketMoment } from './market.ts'
import type { Pace } from './pace.ts'

export interface BotOptions {
  readonly ledger: Ledger
  /** The candles that are still to be done, in order. */
  readonly moments: readonly MarketMoment[]
  readonly pace: Pace
  /** Stops the bot after the commit under way. */
  readonly signal: AbortSignal
  /** Called after each candle, with how long its commit took. */
  readonly onCandle: (moment: MarketMoment, commitMs: number) => void
}

/** What one run of the bot did. */
export interface BotRun {
  /** How long each candle's commit took, in milliseconds, in order. */
  readonly commitsMs: readonly number[]
  readonly elapsedMs: number
  /** Whether it was stopped before the last candle. */
  readonly isStopped: boolean
}

/**
 * Trades candle after candle: at the open what was ordered before is settled, at the close the
 * strategy decides. Each step is awaited before the next begins, so whenever the bot dies, the state
 * says where it was.
 * @throws what the ledger throws.
 */
export async function runBot(options: BotOptions): Promise<BotRun> {
  const { ledger, moments, pace, signal, onCandle } = options
  const commitsMs: number[] = []
  const startedAt = performance.now()
  await ledger.recover()
  for (const moment of moments) {
    await pace()
    if (signal.aborted) break
    await settleOrders(ledger)
    const committedFrom = performance.now()
    await ledger.closeCandle(moment)
    const commitMs = performance.now() - committedFrom
    commitsMs.push(commitMs)
    onCandle(moment, commitMs)
  }
  const elapsedMs = performance.now() - startedAt
  return { commitsMs, elapsedMs, isStopped: commitsMs.length < moments.length }
}

/** A refused order is open again under its next id: until there is none. */
async function settleOrders(ledger: Ledger): Promise<void> {
  for (;;) {
    const [open] = Object.entries(ledger.value.openOrders)
    if (open === undefined) return
    await ledger.settle(...open)
  }
}
