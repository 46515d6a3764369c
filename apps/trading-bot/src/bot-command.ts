import { parseArguments } from './arguments.ts'
import { parentReporter } from './bot-report.ts'
import { help } from './help.ts'
import { terminalProgress, writeOut } from './terminal.ts'
import type { Command } from './command.ts'

/** `bot`: trades the candles, or follows the state of a bot that does. */
export const botCommand: Command = async (argv, signal) => {
  const options = parseArguments(argv)
  if (options.isHelp) {
    writeOut(help)
    return 0
  }
  const progress = terminalProgress()
  const environment = { write: writeOut, progress, report: parentReporter(), signal }
  if (options.isObserver) {
    const { observe } = await import('./observe.ts')
    await observe(options, environment)
    return null
  }
  if (options.naiveFile !== undefined) {
    const { runNaive } = await import('./naive/run-naive.ts')
    return (await runNaive(options.naiveFile, options, environment)) === 'done' ? 0 : null
  }
  const { run } = await import('./run.ts')
  return (await run(options, environment)) === 'done' ? 0 : null
}
