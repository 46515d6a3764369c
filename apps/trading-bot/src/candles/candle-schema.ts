import { Big } from 'big.js'
import { z } from 'zod'
import type { Candle } from './candle.ts'

/** Beyond these powers of ten a number is a typing error, and exact arithmetic on it has no end. */
const maxExponent = 20
const maxLength = 64

/** Latest time that a Date can hold (ECMA-262, "Time Values and Time Range"). */
const maxTimeMs = 8.64e15

/** Reads one number exactly as it is written; undefined for everything that is not one. */
export function parseNumber(raw: unknown): Big | undefined {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  // The forms that Big takes; whatever else stands there it would answer with an exception.
  if (!/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$/.test(text)) return undefined
  const parsed = new Big(text)
  return Math.abs(parsed.e) <= maxExponent ? parsed : undefined
}

/** How a value stands in a message: whole when it is short. */
function shown(raw: unknown): string {
  if (raw === '' || raw === undefined) return 'empty'
  const text = JSON.stringify(raw)
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`
}

function number(accepts: (value: Big) => boolean, wanted: string): z.ZodType<Big> {
  return z.unknown().transform((raw, context) => {
    const value = parseNumber(raw)
    if (value !== undefined && accepts(value)) return value
    context.addIssue({ code: 'custom', message: `is ${shown(raw)}, not ${wanted}` })
    return z.NEVER
  })
}

const price = number((value) => value.gt(0), 'a price above 0')
const volume = number((value) => value.gte(0), 'a number of 0 or more')

const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])

function parseTimeMs(raw: unknown): number | undefined {
  const milliseconds = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw
  if (typeof milliseconds === 'number') {
    const isTime = Number.isSafeInteger(milliseconds) && Math.abs(milliseconds) <= maxTimeMs
    return isTime ? milliseconds : undefined
  }
  if (typeof raw !== 'string') return undefined
  const iso = isoTime.safeParse(raw.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T'))
  if (!iso.success) return undefined
  // A time of day without a zone is UTC, as a date alone is: the machine's own zone must not matter.
  const hasZone = !iso.data.includes('T') || /(Z|[-+]\d\d:?\d\d)$/.test(iso.data)
  return Date.parse(hasZone ? iso.data : `${iso.data}Z`)
}

const timeMs = z.unknown().transform((raw, context) => {
  const value = parseTimeMs(raw)
  if (value !== undefined) return value
  const wanted = 'a date such as 2020-04-17, or milliseconds since 1970'
  context.addIssue({ code: 'custom', message: `is ${shown(raw)}, not ${wanted}` })
  return z.NEVER
})

/** One candle as it stands in a file, all values still as written; gives it with exact numbers. */
export const candleSchema: z.ZodType<Candle> = z
  .object({ timeMs, open: price, high: price, low: price, close: price, volume })
  .superRefine((candle, context) => {
    if (candle.high.gte(candle.low)) return
    const message = `is ${candle.high.toFixed()}, below low (${candle.low.toFixed()})`
    context.addIssue({ code: 'custom', path: ['high'], message })
  })
