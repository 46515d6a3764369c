import { Big } from 'big.js'

/** Money for people: `1,234.50`; with `sign` a gain gets its `+`. */
export function formatMoney(
  amount: Big | string,
  sign: 'minus only' | 'always' = 'minus only',
): string {
  const number = new Big(amount).round(2)
  const grouped = number
    .abs()
    .toFixed(2)
    .replaceAll(/\B(?=(\d{3})+\.)/g, ',')
  const prefix = number.lt(0) ? '-' : number.gt(0) && sign === 'always' ? '+' : ''
  return `${prefix}${grouped}`
}
