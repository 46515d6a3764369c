import { z } from 'zod'
import {
  count,
  flag,
  notEmpty,
  parseCommandLine,
  port,
  positive,
  stateUrl,
  text,
} from '../command-line.ts'
import { askedSettings, settingOptions, settingValues } from '../setting-options.ts'
import type { AskedSettings } from '../settings.ts'

/** What the command line asks of the crash show. */
export interface ShowArguments {
  readonly crashes: number
  /** Decides when the bot is killed and how the exchange misbehaves. */
  readonly seed: number
  readonly stateUrl: string
  readonly name: string
  /** Which bots are run besides the uninterrupted one. */
  readonly bots: 'both' | 'holdfast' | 'naive'
  /** Undefined: a page where there is a terminal. */
  readonly hasPage: boolean | undefined
  /** Of the page; 0 for any free one. */
  readonly port: number
  readonly candles: string | undefined
  /** Candles a second; undefined for as fast as it goes. */
  readonly speed: number | undefined
  readonly settings: AskedSettings
  readonly isHelp: boolean
}

const defaults = { state: 'journal:./state/journal', name: 'crash-show' }

/** The options that name the state of a show which was told nothing about it. */
export const showState: readonly string[] = ['--state', defaults.state, '--name', defaults.name]

const options = {
  crashes: text,
  seed: text,
  state: text,
  name: text,
  naive: flag,
  'no-naive': flag,
  page: flag,
  'no-page': flag,
  port: text,
  candles: text,
  speed: text,
  ...settingOptions,
  help: { type: 'boolean', short: 'h' },
  debug: flag,
} as const

const values = z.object({
  crashes: count.default(50),
  seed: count.default(1),
  state: stateUrl.default(defaults.state),
  name: notEmpty.default(defaults.name),
  naive: z.boolean().optional(),
  'no-naive': z.boolean().optional(),
  page: z.boolean().optional(),
  'no-page': z.boolean().optional(),
  port: port.default(0),
  candles: notEmpty.optional(),
  speed: positive.optional(),
  ...settingValues,
  help: z.boolean().default(false),
})

/**
 * Reads the command line of the crash show.
 * @throws BotError for an unknown option, and for a value that the option cannot have.
 */
export function parseShowArguments(argv: readonly string[]): ShowArguments {
  const given = parseCommandLine(argv, options, values)
  const { crashes, seed, name, port: pagePort, candles, speed, help } = given
  const without = given['no-naive'] === true ? 'holdfast' : 'both'
  return {
    crashes,
    seed,
    stateUrl: given.state,
    name,
    bots: given.naive === true ? 'naive' : without,
    hasPage: given['no-page'] === true ? false : given.page,
    port: pagePort,
    candles,
    speed,
    settings: askedSettings(given),
    isHelp: help,
  }
}
