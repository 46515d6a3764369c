import type { Big } from 'big.js'

/**
 * Rounds money to whole cents, halves up. It never raises one amount above another that was not
 * below it, so what is afforded exactly is afforded in cents too.
 */
export function cents(amount: Big): Big {
  return amount.round(2)
}
