import { isDeepStrictEqual } from 'node:util'
import { Big } from 'big.js'
import { cents } from '../cents.ts'
import type { DeepReadonly } from '@holdfast/core'
import type { BookedOrder } from '../exchange/booked-order.ts'
import type { RunResult } from './run-result.ts'

/** What a run came to, by the bot's state and by the exchange's book. */
export interface Audit {
  readonly kills: number
  /** Of cash and position at the last close, as the bot believes. */
  readonly equity: string
  /** The same by the exchange's book: what there really is. */
  readonly exchangeEquity: string
  readonly ordersAtExchange: number
  readonly ordersInState: number
  /** Orders beyond the first for one decision. */
  readonly doubled: number
  /** Decisions that only one of state, exchange and uninterrupted run knows, or two of them. */
  readonly lost: number
  readonly torn: number
  /** Whether the whole state is that of the uninterrupted run. */
  readonly isSameState: boolean
}

type Filled = Extract<BookedOrder['outcome'], { status: 'filled' }>
interface Execution extends DeepReadonly<Filled> {
  readonly side: 'buy' | 'sell'
}

/**
 * Holds a run against the one that was left alone. `lastClose` is the price at which what is held at
 * the end is valued.
 */
export function audit(run: RunResult, reference: RunResult, lastClose: Big): Audit {
  const executions = executionsOf(run)
  const atExchange = executions.map(decisionOf)
  const inState = run.trading.fills.map(decisionOf)
  const wanted = reference.trading.fills.map(decisionOf)
  const known = new Set([...atExchange, ...inState, ...wanted])
  const everywhere = new Set(atExchange)
    .intersection(new Set(inState))
    .intersection(new Set(wanted))
  const { equityCurve, cash } = run.trading
  return {
    kills: run.kills,
    equity: equityCurve.at(-1)?.[1] ?? cash,
    exchangeEquity: equityOf(executions, run.trading.settings.startingCash, lastClose),
    ordersAtExchange: atExchange.length,
    ordersInState: inState.length,
    doubled: atExchange.length - new Set(atExchange).size,
    lost: known.size - everywhere.size,
    torn: run.torn,
    isSameState: isDeepStrictEqual(run.trading, reference.trading),
  }
}

/** Whether nothing was doubled, lost or torn, and every amount is that of the uninterrupted run. */
export function isRight(found: Audit, reference: Audit): boolean {
  return (
    found.isSameState &&
    found.doubled === 0 &&
    found.lost === 0 &&
    found.torn === 0 &&
    found.ordersAtExchange === found.ordersInState &&
    found.ordersAtExchange === reference.ordersAtExchange &&
    new Big(found.equity).eq(reference.equity) &&
    new Big(found.exchangeEquity).eq(reference.equity)
  )
}

function executionsOf({ booked }: RunResult): Execution[] {
  return booked.flatMap(({ order, outcome }) =>
    outcome?.status === 'filled' ? [{ ...outcome, side: order.side }] : [],
  )
}

/** One decision is one side at one candle: the strategy never orders twice at the same close. */
function decisionOf({ side, timeMs }: { readonly side: string; readonly timeMs: number }): string {
  return `${side} ${timeMs}`
}

function equityOf(executions: readonly Execution[], startingCash: string, lastClose: Big): string {
  let cash = new Big(startingCash)
  let held = new Big(0)
  for (const { side, quantity, worth, fee } of executions) {
    const sign = side === 'buy' ? 1 : -1
    cash = cash.minus(new Big(worth).times(sign)).minus(fee)
    held = held.plus(new Big(quantity).times(sign))
  }
  return cents(held.times(lastClose)).plus(cash).toFixed()
}
