import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { compileCache } from './child-process.ts'

/** The bot's own folder, where a package manager runs it. */
export const ownDirectory: string = join(import.meta.dirname, '..')

/** How a bot ended. */
export interface BotEnd {
  readonly exitCode: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command in a process of its own. */
export interface BotProcess {
  readonly child: ChildProcess
  /** Resolves when `text` was printed; false when the bot ended without. */
  printed(text: string): Promise<boolean>
  readonly end: Promise<BotEnd>
}

/** Starts the bot alone, in `directory`; it is killed if it outlives the test. */
export function startBot(
  args: readonly string[],
  directory: string,
  changes: NodeJS.ProcessEnv = {},
): BotProcess {
  const main = join(ownDirectory, 'src', 'main.ts')
  const { INIT_CWD: _, FORCE_COLOR: __, ...environment } = process.env
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, 'bot', ...args], {
    cwd: directory,
    env: { ...environment, NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache, ...changes },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const end = once(child, 'close').then((): BotEnd => ({
    exitCode: child.exitCode,
    killedBy: child.signalCode,
    ...output,
  }))
  const printed = (text: string): Promise<boolean> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (output.stdout.includes(text)) resolve(true)
      }
      child.stdout.on('data', look)
      child.once('close', () => resolve(output.stdout.includes(text)))
      look()
    })
  return { child, printed, end }
}

/** Runs the bot to its end. */
export function runBotProcess(args: readonly string[], directory: string): Promise<BotEnd> {
  return startBot(args, directory).end
}

/** The part of the output that follows from the state alone. */
export function reportIn(stdout: string): string {
  const start = stdout.indexOf('\nPeriod ')
  const end = stdout.indexOf('\n\n', start)
  return stdout.slice(start, end)
}
