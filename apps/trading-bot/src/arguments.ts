import { z } from 'zod'
import {
  count,
  flag,
  notEmpty,
  parseCommandLine,
  positive,
  stateUrl,
  text,
} from './command-line.ts'
import { askedSettings, settingOptions, settingValues } from './setting-options.ts'
import type { AskedSettings } from './settings.ts'

/** What the command line asks of a bot. */
export interface BotArguments {
  readonly stateUrl: string
  readonly name: string
  readonly isFresh: boolean
  /** Follows the state instead of trading on it. */
  readonly isObserver: boolean
  /** The plain file to keep the state in instead, as bots do that lose money; for comparison. */
  readonly naiveFile: string | undefined
  /** Undefined for the bundled ones. */
  readonly candles: string | undefined
  /** Candles a second; undefined for as fast as it goes. */
  readonly speed: number | undefined
  /** The URL of the exchange; undefined for the one within the bot. */
  readonly exchange: string | undefined
  /** How long one answer of the exchange may take. */
  readonly timeoutMs: number
  /** How long the exchange may stay away. */
  readonly patienceMs: number
  /** The settings that were given; a new run has defaults for the others. */
  readonly settings: AskedSettings
  readonly isHelp: boolean
}

const options = {
  state: text,
  name: text,
  fresh: flag,
  observe: flag,
  naive: text,
  candles: text,
  speed: text,
  exchange: text,
  timeout: text,
  patience: text,
  ...settingOptions,
  help: { type: 'boolean', short: 'h' },
  debug: flag,
} as const

const values = z.object({
  state: stateUrl.default('file:./state'),
  name: notEmpty.default('trading'),
  fresh: z.boolean().default(false),
  observe: z.boolean().default(false),
  naive: notEmpty.optional(),
  candles: notEmpty.optional(),
  speed: positive.optional(),
  exchange: z.url({ protocol: /^http$/, error: 'must be an http: URL' }).optional(),
  timeout: count.default(2000),
  patience: count.default(10_000),
  ...settingValues,
  help: z.boolean().default(false),
})

/**
 * Reads the command line of a bot.
 * @throws BotError for an unknown option, and for a value that the option cannot have.
 */
export function parseArguments(argv: readonly string[]): BotArguments {
  const given = parseCommandLine(argv, options, values)
  return {
    stateUrl: given.state,
    name: given.name,
    isFresh: given.fresh,
    isObserver: given.observe,
    naiveFile: given.naive,
    candles: given.candles,
    speed: given.speed,
    exchange: given.exchange,
    timeoutMs: given.timeout,
    patienceMs: given.patience,
    settings: askedSettings(given),
    isHelp: given.help,
  }
}
