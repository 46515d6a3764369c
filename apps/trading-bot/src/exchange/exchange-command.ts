import { writeOut } from '../terminal.ts'
import { parseExchangeArguments } from './exchange-arguments.ts'
import { exchangeHelp } from './exchange-help.ts'
import { runExchange } from './run-exchange.ts'
import type { Command } from '../command.ts'
import type { ExchangeReport } from './exchange-report.ts'

/** `exchange`: the paper exchange, until it is stopped. */
export const exchangeCommand: Command = async (argv, signal) => {
  const options = parseExchangeArguments(argv)
  if (options.isHelp) {
    writeOut(exchangeHelp)
    return 0
  }
  await runExchange(options, { write: writeOut, report, signal })
  return null
}

/** To the process that started this one, if it listens. */
function report(message: ExchangeReport): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}
