import { Big } from 'big.js'
import { cents } from './cents.ts'
import { nextAttemptId } from './order-id.ts'
import type { OrderOutcome } from './order-outcome.ts'
import type { Order, Trading } from './trading-state.ts'

type Filled = Extract<OrderOutcome, { status: 'filled' }>

/**
 * What the exchange's answer changes, in place: a fill moves cash, position and P&L; a refused order is
 * ordered again under its next id, a few times. In each case the order `id` is open no longer.
 */
export function applyOutcome(
  trading: Trading,
  id: string,
  order: Order,
  outcome: OrderOutcome,
): void {
  delete trading.openOrders[id]
  if (outcome.status === 'refused') {
    const next = nextAttemptId(id)
    if (next !== null) trading.openOrders[next] = order
  }
  if (outcome.status !== 'filled') return
  const pnl = settle(trading, order, outcome)
  trading.realizedPnl = pnl.plus(trading.realizedPnl).toFixed()
  trading.fills.push({
    orderId: id,
    symbol: order.symbol,
    side: order.side,
    quantity: outcome.quantity,
    price: outcome.price,
    fee: outcome.fee,
    pnl: pnl.toFixed(),
    timeMs: outcome.timeMs,
  })
}

/** Moves cash and position; gives what the fill earned. */
function settle(trading: Trading, order: Order, { quantity, price, worth, fee }: Filled): Big {
  const cash = new Big(trading.cash)
  if (order.side === 'buy') {
    trading.cash = cash.minus(worth).minus(fee).toFixed()
    trading.positions[order.symbol] = { quantity, entryPrice: price }
    return new Big(fee).times(-1)
  }
  const cost = costOf(trading, order.symbol)
  trading.cash = cash.plus(worth).minus(fee).toFixed()
  delete trading.positions[order.symbol]
  return new Big(worth).minus(fee).minus(cost)
}

function costOf(trading: Trading, symbol: string): Big {
  const position = trading.positions[symbol]
  if (position === undefined) throw new Error(`a sale of ${symbol}, which is not held`)
  return cents(new Big(position.quantity).times(position.entryPrice))
}
