import { z } from 'zod'
import { decimalOption, fraction, text } from './command-line.ts'
import { symbolPattern } from './symbol-pattern.ts'
import type { Big } from 'big.js'
import type { AskedSettings } from './settings.ts'

/** The options that settings are given by, for `parseArgs`. */
export const settingOptions = {
  symbol: text,
  fast: text,
  slow: text,
  cash: text,
  fee: text,
  slippage: text,
} as const

const isCents = (value: Big): boolean => value.eq(value.round(2))
const money = decimalOption(
  (value) => value.gt(0) && isCents(value),
  'an amount above 0, in whole cents',
)
const candleCount = z.string().regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')

/** What these options may be. */
export const settingValues = {
  symbol: z.string().regex(symbolPattern, 'must be a symbol such as SPX or BTC/USDT').optional(),
  fast: candleCount.transform(Number).optional(),
  slow: candleCount.transform(Number).optional(),
  cash: money.optional(),
  fee: fraction.optional(),
  slippage: fraction.optional(),
}

/** The settings that were given, by their own names. */
export function askedSettings(values: z.output<z.ZodObject<typeof settingValues>>): AskedSettings {
  const { symbol, fast, slow, cash, fee, slippage } = values
  return { symbol, fast, slow, fee, slippage, startingCash: cash }
}
