import { seededRandom } from '../seeded-random.ts'

/**
 * When the bot is killed:
 * - `candle`: when it has done a candle;
 * - `intent`: when it is about to record the intent of an order;
 * - `sent`: when the exchange has got an order, and has not answered yet;
 * - `start`: while it starts.
 */
type KillOccasion = 'candle' | 'intent' | 'sent' | 'start'

/** One kill: at the first such occasion from the candle `index` on, and `delayMs` later. */
export interface PlannedKill {
  readonly occasion: KillOccasion
  readonly index: number
  readonly delayMs: number
}

export interface CrashPlanOptions {
  readonly seed: number
  readonly crashes: number
  /** The number of candles. */
  readonly candles: number
  /** The indexes of the candles at which orders are placed; some kills are aimed at them. */
  readonly orderIndexes: readonly number[]
}

/** Out of ten kills. Orders are rare, and what can go wrong with them is what this is about. */
const occasions: readonly KillOccasion[] = [
  'candle',
  'candle',
  'candle',
  'intent',
  'intent',
  'intent',
  'sent',
  'sent',
  'sent',
  'start',
]
/** A commit takes a few tenths of a millisecond, an order a few milliseconds, a start a few hundred. */
const longestDelayMs = { candle: 4, intent: 5, sent: 4, start: 350 }

/** Random moments that follow from the seed, in the order of their candles. */
export function crashPlan({
  seed,
  crashes,
  candles,
  orderIndexes,
}: CrashPlanOptions): PlannedKill[] {
  const random = seededRandom(seed)
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)]
  const kills = Array.from({ length: crashes }, (): PlannedKill => {
    const occasion = pick(occasions) ?? 'candle'
    const isOrder = occasion === 'intent' || occasion === 'sent'
    const anywhere = Math.floor(random() * candles)
    const index = (isOrder ? pick(orderIndexes) : undefined) ?? anywhere
    return { occasion, index, delayMs: Math.floor(random() * (longestDelayMs[occasion] + 1)) }
  })
  return kills.toSorted((one, other) => one.index - other.index)
}
