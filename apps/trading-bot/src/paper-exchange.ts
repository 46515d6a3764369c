import { Big } from 'big.js'
import { cents } from './cents.ts'
import type { Candle } from './candles/candle.ts'
import type { Order } from './trading-state.ts'

/** What the exchange takes; both as fractions. */
export interface ExchangeTerms {
  readonly fee: Big | string
  /** How much worse than the open price an order is filled. */
  readonly slippage: Big | string
}

/** What came of an order. */
export interface Execution {
  /** To four places. */
  readonly quantity: Big
  readonly price: Big
  /** What the shares cost or brought, in cents, without the fee. */
  readonly worth: Big
  readonly fee: Big
}

/** A big.js rounding mode: towards zero. */
const down = 0
const quantityPlaces = 4
const pricePlaces = 8

/**
 * Carries out a market order, whole, at the open of `candle`. A purchase takes as many shares as
 * `spend` pays for, fee included; null when that is none, and the order is void.
 */
export function executeOrder(order: Order, candle: Candle, terms: ExchangeTerms): Execution | null {
  const direction = order.side === 'buy' ? 1 : -1
  const price = candle.open
    .times(new Big(1).plus(new Big(terms.slippage).times(direction)))
    .round(pricePlaces)
  const quantity =
    order.side === 'buy'
      ? affordableQuantity(new Big(order.spend), price, new Big(terms.fee))
      : new Big(order.quantity)
  const worth = cents(quantity.times(price))
  if (order.side === 'buy' && worth.eq(0)) return null
  return { quantity, price, worth, fee: cents(worth.times(terms.fee)) }
}

function affordableQuantity(spend: Big, price: Big, fee: Big): Big {
  // Whole cents first: then worth and fee, each rounded, never add up to more than `spend`.
  const worth = spend.round(2, down).div(fee.plus(1)).round(2, down)
  return worth.div(price).round(quantityPlaces, down)
}
