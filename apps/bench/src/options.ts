import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Effort } from './effort.ts'

/** What a run was asked for. */
export interface Options {
  /** Names of benchmarks or of groups of them; all when there is none. */
  readonly chosen: readonly string[]
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
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      operations: { type: 'string' },
      shrink: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      directory: { type: 'string', default: join(import.meta.dirname, '../.measurements') },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const operations = count.parse(values.operations ?? (values.quick ? 40 : 200))
  return {
    chosen: positionals,
    effort: {
      rounds: count.parse(values.rounds ?? (values.quick ? 3 : 7)),
      operations,
      warmUp: Math.ceil(operations / 2),
      shrink: count.parse(values.shrink),
    },
    seed: count.parse(values.seed),
    directory: values.directory,
    isJson: values.json,
  }
}
