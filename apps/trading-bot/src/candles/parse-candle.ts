import { z } from 'zod'
import { parseNumber } from './parse-number.ts'
import type { Big } from 'big.js'
import type { Candle } from './candle.ts'

/** Latest time that a Date can hold (ECMA-262, "Time Values and Time Range"). */
const maxTimeMs = 8.64e15

/** One value of a row that cannot be: which one, and why. */
export class WrongValue extends Error {
  readonly key: keyof Candle

  constructor(key: keyof Candle, problem: string) {
    super(problem)
    this.key = key
  }
}

/**
 * Reads one candle whose values are still as they are written; its numbers are exact. By hand, since a
 * bot that starts reads thousands of them, and a schema takes three times as long.
 * @throws WrongValue for the first value that cannot be.
 */
export function parseCandle(values: Readonly<Record<string, unknown>>): Candle {
  const candle = {
    timeMs: parseTimeMs(values['timeMs']),
    open: parsePrice('open', values['open']),
    high: parsePrice('high', values['high']),
    low: parsePrice('low', values['low']),
    close: parsePrice('close', values['close']),
    volume: parseVolume(values['volume']),
  }
  const { high, low } = candle
  if (high.gte(low)) return candle
  throw new WrongValue('high', `is ${high.toFixed()}, below low (${low.toFixed()})`)
}

function parsePrice(key: 'open' | 'high' | 'low' | 'close', raw: unknown): Big {
  const value = parseNumber(raw)
  if (value?.gt(0)) return value
  throw new WrongValue(key, `is ${shown(raw)}, not a price above 0`)
}

function parseVolume(raw: unknown): Big {
  const value = parseNumber(raw)
  if (value?.gte(0)) return value
  throw new WrongValue('volume', `is ${shown(raw)}, not a number of 0 or more`)
}

function parseTimeMs(raw: unknown): number {
  const value = timeMsIn(raw)
  if (value !== undefined) return value
  const wanted = 'a date such as 2020-04-17, or milliseconds since 1970'
  throw new WrongValue('timeMs', `is ${shown(raw)}, not ${wanted}`)
}

const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])

function timeMsIn(raw: unknown): number | undefined {
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

/** How a value stands in a message: whole when it is short. */
function shown(raw: unknown): string {
  if (raw === '' || raw === undefined) return 'empty'
  const text = JSON.stringify(raw)
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`
}
