import { parseArgs } from 'node:util'
import { Big } from 'big.js'
import { z } from 'zod'
import { BotError } from './bot-error.ts'
import { parseNumber } from './candles/candle-schema.ts'
import type { AskedSettings } from './settings.ts'

/** What the command line asks for. */
export interface BotArguments {
  readonly stateUrl: string
  readonly name: string
  readonly isFresh: boolean
  /** Undefined for the bundled ones. */
  readonly candles: string | undefined
  /** Candles a second; undefined for as fast as it goes. */
  readonly speed: number | undefined
  /** The settings that were given; a new run has defaults for the others. */
  readonly settings: AskedSettings
  readonly isHelp: boolean
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = {
  state: text,
  name: text,
  fresh: flag,
  candles: text,
  speed: text,
  symbol: text,
  fast: text,
  slow: text,
  cash: text,
  fee: text,
  slippage: text,
  help: { type: 'boolean', short: 'h' },
  debug: flag,
} as const

function decimalOption(accepts: (value: Big) => boolean, wanted: string): z.ZodType<string> {
  return z.string().transform((raw, context) => {
    const value = parseNumber(raw)
    if (value !== undefined && accepts(value)) return value.toFixed()
    context.addIssue({ code: 'custom', message: `must be ${wanted}` })
    return z.NEVER
  })
}

const isCents = (value: Big): boolean => value.eq(value.round(2))
const fraction = decimalOption(
  (value) => value.gte(0) && value.lt(1),
  'a fraction from 0 to below 1',
)
const money = decimalOption(
  (value) => value.gt(0) && isCents(value),
  'an amount above 0, in whole cents',
)
const candleCount = z.string().regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
const notEmpty = z.string().min(1, 'must not be empty')

/** What a symbol may look like; a name that JavaScript gives a meaning of its own is none. */
export const symbolPattern = /^[\dA-Za-z^][\w.:/=^-]{0,31}$/

const values = z.object({
  state: notEmpty.default('file:./state'),
  name: notEmpty.default('trading'),
  candles: notEmpty.optional(),
  speed: decimalOption((value) => value.gt(0), 'a number above 0')
    .transform(Number)
    .optional(),
  symbol: z.string().regex(symbolPattern, 'must be a symbol such as SPX or BTC/USDT').optional(),
  fast: candleCount.transform(Number).optional(),
  slow: candleCount.transform(Number).optional(),
  cash: money.optional(),
  fee: fraction.optional(),
  slippage: fraction.optional(),
})

/**
 * Reads the command line.
 * @throws BotError for an unknown option, and for a value that the option cannot have.
 */
export function parseArguments(argv: readonly string[]): BotArguments {
  const given = parseOptions(argv)
  const result = values.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    const option = String(issue?.path[0])
    throw usageError(`--${option} ${issue?.message}, not ${JSON.stringify(given[option])}`)
  }
  const { state, name, candles, speed, cash, ...rest } = result.data
  return {
    stateUrl: state,
    name,
    isFresh: given['fresh'] === true,
    candles,
    speed,
    settings: { ...rest, startingCash: cash },
    isHelp: given['help'] === true,
  }
}

function parseOptions(argv: readonly string[]): Record<string, unknown> {
  // pnpm hands the `--` of `pnpm start -- --speed 10` on to the program; npm does not.
  const args = argv[0] === '--' ? argv.slice(1) : [...argv]
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const [sentence] = error.message.split(/\.?\s*\n|\. /)
    throw usageError(sentence ?? error.message)
  }
}

function usageError(problem: string): BotError {
  return new BotError('usage', `${problem}. --help lists the options.`)
}
