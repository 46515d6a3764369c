import { isTerminal, terminalProgress, writeOut } from '../terminal.ts'
import { parseShowArguments } from './show-arguments.ts'
import { showHelp } from './show-help.ts'
import { show } from './show.ts'
import type { Command } from '../command.ts'

/** Room for what two bots come to, beside the bar. */
const textWidth = 67

/** The crash show: 0 when every number was right, 1 when one was not. */
export const showCommand: Command = async (argv, signal) => {
  const options = parseShowArguments(argv)
  if (options.isHelp) {
    writeOut(showHelp)
    return 0
  }
  const progress = terminalProgress(textWidth)
  const environment = { write: writeOut, progress, isTerminal: isTerminal(), signal }
  return (await show(options, environment)) ? 0 : 1
}
