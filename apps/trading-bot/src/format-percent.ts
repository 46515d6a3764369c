import type { Big } from 'big.js'

/** A fraction as a percentage for people: `-12.34 %`; with `sign` a gain gets its `+`. */
export function formatPercent(fraction: Big, sign: 'minus only' | 'always' = 'minus only'): string {
  const percent = fraction.times(100).round(2)
  const prefix = percent.gt(0) && sign === 'always' ? '+' : ''
  return `${prefix}${percent.eq(0) ? '0.00' : percent.toFixed(2)} %`
}
