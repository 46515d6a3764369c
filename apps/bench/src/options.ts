import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Effort } from './measure.ts'

/** What a run was asked for. */
export interface Options {
  readonly effort: Effort
  readonly seed: number
  /** Where the contenders write; beside the checkout when left out, for /tmp is often no disk. */
  readonly directory: string
  readonly isJson: boolean
}

const count = z.coerce.number().int().positive()

/**
 * Reads the command line.
 * @throws Error when an option is unknown or is not a positive whole number.
 */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string' },
      operations: { type: 'string' },
      seed: { type: 'string', default: '1' },
      directory: { type: 'string', default: join(import.meta.dirname, '../.measurements') },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const operations = count.parse(values.operations ?? (values.quick ? 40 : 200))
  return {
    effort: {
      rounds: count.parse(values.rounds ?? (values.quick ? 3 : 7)),
      operations,
      warmUp: Math.ceil(operations / 2),
    },
    seed: count.parse(values.seed),
    directory: values.directory,
    isJson: values.json,
  }
}
