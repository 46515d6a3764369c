import { resolve } from 'node:path'
import { failure } from './failure.ts'
import { listenForStop } from './stop.ts'
import type { Command } from './command.ts'

/** Loaded when asked for: a bot that is started again should not have to wait for the show. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  bot: async () => (await import('./bot-command.ts')).botCommand,
  exchange: async () => (await import('./exchange/exchange-command.ts')).exchangeCommand,
}

/** The command, from the arguments to the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const stop = listenForStop()
  try {
    goWhereTheUserStands()
    const [command, args] = await chosen(argv)
    return (await command(args, stop.signal)) ?? stop.exitCode
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return stop.exitCode
    const { exitCode, message } = failure(error, argv.includes('--debug'))
    process.stderr.write(`${message}\n`)
    return exitCode
  }
}

/** The command that the first argument names, and its own arguments; the crash show without a name. */
async function chosen(argv: readonly string[]): Promise<[Command, readonly string[]]> {
  // pnpm hands the `--` of `pnpm start -- bot` on to the program; npm does not.
  const words = argv[0] === '--' ? argv.slice(1) : argv
  const [name = '', ...rest] = words
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (named !== undefined) return [await named(), rest]
  if (words.includes('--observe')) {
    // Of the show that runs beside, where nothing else is said.
    const { showState } = await import('./show/show-arguments.ts')
    return [(await import('./bot-command.ts')).botCommand, [...showState, ...words]]
  }
  return [(await import('./show/show-command.ts')).showCommand, words]
}

/**
 * A package manager runs the bot in the bot's own folder; relative paths are meant from where the
 * user stood, which npm and pnpm leave in INIT_CWD.
 */
function goWhereTheUserStands(): void {
  const { INIT_CWD: userDirectory } = process.env
  const ownDirectory = resolve(import.meta.dirname, '..')
  if (userDirectory && process.cwd() === ownDirectory) process.chdir(userDirectory)
}

const exitCode = await main(process.argv.slice(2))
process.exitCode ??= exitCode
