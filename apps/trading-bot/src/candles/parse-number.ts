import { Big } from 'big.js'

/** Beyond these powers of ten a number is a typing error, and exact arithmetic on it has no end. */
const maxExponent = 20
const maxLength = 64

/** Reads one number exactly as it is written; undefined for everything that is not one. */
export function parseNumber(raw: unknown): Big | undefined {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  // The forms that Big takes; whatever else stands there it would answer with an exception.
  if (!/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$/.test(text)) return undefined
  const parsed = new Big(text)
  return Math.abs(parsed.e) <= maxExponent ? parsed : undefined
}
