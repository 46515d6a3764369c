import { resolve } from 'node:path'
import { parseArguments } from './arguments.ts'
import { failure } from './failure.ts'
import { help } from './help.ts'
import { progressBar, progressLines, type Progress } from './progress.ts'
import { run } from './run.ts'
import { listenForStop } from './stop.ts'

/** The command, from the arguments to the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const stop = listenForStop()
  try {
    goWhereTheUserStands()
    const options = parseArguments(argv)
    if (options.isHelp) {
      process.stdout.write(help)
      return 0
    }
    const outcome = await run(options, { write, progress: progress(), signal: stop.signal })
    return outcome === 'done' ? 0 : stop.exitCode
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return stop.exitCode
    const { exitCode, message } = failure(error, argv.includes('--debug'))
    process.stderr.write(`${message}\n`)
    return exitCode
  }
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

function write(text: string): void {
  process.stdout.write(text)
}

function progress(): Progress {
  const { stdout } = process
  const isTerminal = stdout.isTTY && process.env['TERM'] !== 'dumb'
  return isTerminal ? progressBar(stdout, () => performance.now()) : progressLines(stdout)
}

const exitCode = await main(process.argv.slice(2))
process.exitCode ??= exitCode
