import { Big } from 'big.js'
import { z } from 'zod'
import { cents } from './cents.ts'
import { initialTrading, type Fill, type Trading } from './trading-state.ts'
import type { Settings } from './settings.ts'

const isoDate = z.union([
  z.iso.date(),
  z.iso.datetime({ offset: true, local: true }).transform((text) => text.slice(0, 10)),
])
const dateMs = isoDate.transform((date) => Date.parse(date))

/** Money as the older bot kept it: a float. */
const float = z.number()

const LegacyTrade = z.object({
  date: dateMs,
  side: z.enum(['buy', 'sell']),
  quantity: float.positive(),
  price: float.positive(),
  fee: float.default(0),
  pnl: float.default(0),
})

/**
 * The older bot's whole state, as Python's `json.dump` wrote it. Money and shares are floats,
 * `position` is a number of shares; a key that the bot may not have written yet has a default. Other
 * keys are not taken over.
 */
const LegacyState = z
  .object({
    cash: float.nonnegative(),
    position: float.nonnegative().default(0),
    entry_price: float.positive().nullish(),
    realized_pnl: float.default(0),
    last_date: dateMs.nullable(),
    trades: z.array(LegacyTrade).default([]),
  })
  .refine((state) => state.position === 0 || typeof state.entry_price === 'number', {
    path: ['entry_price'],
    message: 'a position needs an entry price',
  })

type LegacyState = z.infer<typeof LegacyState>

/**
 * The migration to schema version 2: from the older bot's state, which is checked first, to ours,
 * under `settings`. A document that is ours already, kept without an envelope, stays as it is.
 * @throws Error when it is neither; the message names what is wrong with each key.
 */
export function migrateLegacyState(document: unknown, settings: Settings): unknown {
  if (typeof document === 'object' && document !== null && 'cursor' in document) return document
  const legacy = LegacyState.safeParse(document)
  if (legacy.success) return fromLegacy(legacy.data, settings)
  const problems = legacy.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(`it is not an older bot's state (${problems.join('; ')})`)
}

function fromLegacy(legacy: LegacyState, settings: Settings): Trading {
  const { symbol } = settings
  const cost = cents(new Big(legacy.position).times(legacy.entry_price ?? 0))
  const startingCash = cents(cost.plus(legacy.cash).minus(legacy.realized_pnl))
  const trading = initialTrading({ ...settings, startingCash: startingCash.toFixed() })
  return {
    ...trading,
    cursor: legacy.last_date === null ? null : { timeMs: legacy.last_date, position: null },
    cash: exactly(legacy.cash),
    realizedPnl: exactly(legacy.realized_pnl),
    positions:
      legacy.position === 0
        ? {}
        : {
            [symbol]: {
              quantity: exactly(legacy.position),
              entryPrice: exactly(legacy.entry_price ?? 0),
            },
          },
    fills: legacy.trades.map((trade, index) => fillOf(trade, index, symbol)),
  }
}

function fillOf(trade: LegacyState['trades'][number], index: number, symbol: string): Fill {
  return {
    orderId: `legacy-${String(index).padStart(6, '0')}`,
    symbol,
    side: trade.side,
    quantity: exactly(trade.quantity),
    price: exactly(trade.price),
    fee: exactly(trade.fee),
    pnl: exactly(trade.pnl),
    timeMs: trade.date,
  }
}

/** The decimal that the float was written as; no digit is lost and none is made up. */
function exactly(amount: number): string {
  return new Big(amount).toFixed()
}
