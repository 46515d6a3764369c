import { z } from 'zod'
import { count, flag, fraction, notEmpty, parseCommandLine, port, text } from '../command-line.ts'

/** What the command line asks of an exchange. */
export interface ExchangeArguments {
  /** Where its book is kept. */
  readonly stateUrl: string
  readonly name: string
  readonly candles: string | undefined
  /** 0 for any free one. */
  readonly port: number
  readonly fee: string
  readonly slippage: string
  readonly seed: number
  readonly misbehaves: boolean
  /** Which part of the orders it refuses. */
  readonly refuse: number
  readonly isHelp: boolean
}

const options = {
  state: text,
  name: text,
  candles: text,
  port: text,
  fee: text,
  slippage: text,
  seed: text,
  misbehave: flag,
  refuse: text,
  help: { type: 'boolean', short: 'h' },
  debug: flag,
} as const

const values = z.object({
  state: notEmpty.default('journal:./state'),
  name: notEmpty.default('exchange'),
  candles: notEmpty.optional(),
  port: port.default(0),
  fee: fraction.default('0.001'),
  slippage: fraction.default('0'),
  seed: count.default(1),
  misbehave: z.boolean().default(false),
  refuse: fraction.default('0').transform(Number),
  help: z.boolean().default(false),
})

/**
 * Reads the command line of an exchange.
 * @throws BotError for an unknown option, and for a value that the option cannot have.
 */
export function parseExchangeArguments(argv: readonly string[]): ExchangeArguments {
  const { state, misbehave, help, ...given } = parseCommandLine(argv, options, values)
  return {
    ...given,
    candles: given.candles,
    stateUrl: state,
    misbehaves: misbehave,
    isHelp: help,
  }
}
