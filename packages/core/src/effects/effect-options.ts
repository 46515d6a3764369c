import { HoldfastError } from '../error.ts'

const dayMs = 24 * 60 * 60 * 1000
/** What Node.js's timers take. */
const mostTimeoutMs = 2 ** 31 - 1

/** The numbers of an effect's definition, checked. */
export interface EffectOptions {
  readonly timeoutMs: number
  readonly concurrency: number
  readonly settledCount: number
  readonly settledAgeMs: number
}

/**
 * The options of effect `name`, with their defaults.
 * @throws HoldfastError `CONFIG`, also for a name that is none.
 */
export function effectOptions(
  name: string,
  given: {
    readonly timeoutMs?: number
    readonly concurrency?: number
    readonly settled?: { readonly count?: number; readonly ageMs?: number }
  },
): EffectOptions {
  // It stands before a colon in the stored document, and in messages.
  if (!/^[A-Za-z][\w.-]{0,63}$/.test(name)) {
    throw new HoldfastError(
      'CONFIG',
      `${JSON.stringify(name)} is no name for an effect: it takes up to 64 letters, digits, ".", "_" ` +
        'and "-", a letter first',
    )
  }
  const {
    timeoutMs = 30_000,
    concurrency = 10,
    settled: { count = 1000, ageMs = 30 * dayMs } = {},
  } = given
  assertNumber(name, 'timeoutMs', timeoutMs, mostTimeoutMs)
  assertNumber(name, 'concurrency', concurrency)
  assertNumber(name, 'settled.count', count)
  assertNumber(name, 'settled.ageMs', ageMs)
  return { timeoutMs, concurrency, settledCount: count, settledAgeMs: ageMs }
}

function assertNumber(
  name: string,
  option: string,
  value: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (value === Number.POSITIVE_INFINITY) return
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new HoldfastError(
    'CONFIG',
    `effect "${name}": ${option} is a whole number from 1 to ${most}, or Infinity, not ${value}`,
  )
}
