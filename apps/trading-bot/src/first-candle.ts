import { BotError } from './bot-error.ts'
import { formatTime } from './format-time.ts'
import type { Cursor } from './trading-state.ts'
import type { MarketMoment } from './market.ts'

/** What is being resumed on what, for messages. */
export interface ResumeNames {
  readonly state: string
  readonly candles: string
}

/**
 * The index of the first candle that is still to be done; the number of candles when there is none.
 * @throws BotError when the candles up to the cursor are not those that the state was made from.
 */
export function firstCandle(
  cursor: Cursor | null,
  moments: readonly MarketMoment[],
  names: ResumeNames,
): number {
  if (cursor === null) return 0
  if (cursor.position === null) return firstAfter(cursor.timeMs, moments)
  const { index, fingerprint } = cursor.position
  const moment = moments[index]
  if (moment?.fingerprint === fingerprint) return index + 1
  const stands = `${names.state} stands at candle ${index + 1} (${formatTime(cursor.timeMs)})`
  const problem =
    moment === undefined
      ? `but ${names.candles} has only ${moments.length}`
      : `but was made from other data than ${names.candles}: the candles up to there differ`
  throw new BotError(
    'state',
    `${stands}, ${problem}. Give the file that it was made from (it may have grown since), ` +
      'take another --name, or start over with --fresh.',
  )
}

function firstAfter(timeMs: number, moments: readonly MarketMoment[]): number {
  const index = moments.findIndex(({ candle }) => candle.timeMs > timeMs)
  return index === -1 ? moments.length : index
}
