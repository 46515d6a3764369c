import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { z } from 'zod'
import { BotError } from './bot-error.ts'
import { parseNumber } from './candles/parse-number.ts'
import type { Big } from 'big.js'

/** An option with a value, and one without, for `parseArgs`. */
export const text = { type: 'string' } as const
export const flag = { type: 'boolean' } as const

/** A decimal number that `accepts` takes; the message says what is `wanted`. Gives it as text. */
export function decimalOption(accepts: (value: Big) => boolean, wanted: string): z.ZodType<string> {
  return z.string().transform((raw, context) => {
    const value = parseNumber(raw)
    if (value !== undefined && accepts(value)) return value.toFixed()
    context.addIssue({ code: 'custom', message: `must be ${wanted}` })
    return z.NEVER
  })
}

/** Text that is not empty. */
export const notEmpty = z.string().min(1, 'must not be empty')

/** Where a state is kept. A backend's name alone, such as `journal:`, has a folder below `state`. */
export const stateUrl = notEmpty.transform((given) => {
  const [, backend, query = ''] = /^(file|journal|lockfile):(\?.*)?$/.exec(given) ?? []
  return backend === undefined ? given : `${backend}:./state/${backend}${query}`
})

/** A fraction such as a fee. */
export const fraction = decimalOption(
  (value) => value.gte(0) && value.lt(1),
  'a fraction from 0 to below 1',
)

/** A number above 0, as a number. */
export const positive = decimalOption((value) => value.gt(0), 'a number above 0').transform(Number)

/** A whole number of at most six digits. */
export const count = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number from 0 to 999999')
  .transform(Number)

/** A TCP port. */
export const port = count.refine((value) => value <= 65_535, 'must be a port: 0 to 65535')

/**
 * Reads a command line by `options`, and its values by `values`.
 * @throws BotError for an unknown option, and for a value that the option cannot have.
 */
export function parseCommandLine<Values extends z.ZodType>(
  argv: readonly string[],
  options: ParseArgsOptionsConfig,
  values: Values,
): z.output<Values> {
  const given = parseOptions(argv, options)
  const result = values.safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const option = String(issue?.path[0])
  throw usageError(`--${option} ${issue?.message}, not ${JSON.stringify(given[option])}`)
}

function usageError(problem: string): BotError {
  return new BotError('usage', `${problem}. --help lists the options.`)
}

function parseOptions(
  argv: readonly string[],
  options: ParseArgsOptionsConfig,
): Record<string, unknown> {
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
