import { BotError } from './bot-error.ts'
import { tradeCandle } from './trade-candle.ts'
import type { State } from '@holdfast/core'
import type { MarketMoment } from './market.ts'
import type { Pace } from './pace.ts'
import type { Trading } from './trading-state.ts'

export interface BotOptions {
  readonly state: State<Trading>
  /** The candles that are still to be done, in order. */
  readonly moments: readonly MarketMoment[]
  readonly pace: Pace
  /** Stops the bot after the commit under way. */
  readonly signal: AbortSignal
  /** Called after each commit. */
  readonly onCandle: (moment: MarketMoment) => void
}

/** What one run of the bot did. */
export interface BotRun {
  /** How long each commit took, in milliseconds, in order. */
  readonly commitsMs: readonly number[]
  readonly elapsedMs: number
  /** Whether it was stopped before the last candle. */
  readonly isStopped: boolean
}

/**
 * Trades candle after candle. Each is one commit, awaited before the next begins: whenever the bot
 * dies, the state is that after a whole candle.
 * @throws HoldfastError from the commit; BotError when another bot moved the state meanwhile.
 */
export async function runBot(options: BotOptions): Promise<BotRun> {
  const { state, moments, pace, signal, onCandle } = options
  const commitsMs: number[] = []
  const startedAt = performance.now()
  for (const moment of moments) {
    await pace()
    if (signal.aborted) break
    const committedFrom = performance.now()
    await commitCandle(state, moment)
    commitsMs.push(performance.now() - committedFrom)
    onCandle(moment)
  }
  const elapsedMs = performance.now() - startedAt
  return { commitsMs, elapsedMs, isStopped: commitsMs.length < moments.length }
}

async function commitCandle(state: State<Trading>, moment: MarketMoment): Promise<void> {
  const before = state.value.cursor?.timeMs
  await state.update((draft) => {
    // After a conflict the recipe runs again, on what another process made of the state.
    if (draft.cursor?.timeMs !== before) {
      throw new BotError(
        'state',
        `state "${state.name}" (${state.location}): another bot traded on it meanwhile; this one ` +
          'committed nothing more. Stop one of the two, or give each its own --name.',
      )
    }
    tradeCandle(draft, moment)
  })
}
