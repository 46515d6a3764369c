import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** How a show ended. */
export interface ShowEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command, which starts the others. */
export interface ShowProcess {
  readonly child: ChildProcess
  readonly end: Promise<ShowEnd>
  /** Resolves with the first group of `pattern` when it was printed. @throws when the show ends before. */
  printed(pattern: RegExp): Promise<string>
}

/**
 * Starts the command with `args` in `directory`, which takes its temporary files too, and which all its
 * processes have as SHOW_TEST.
 */
export function startShow(args: readonly string[], directory: string): ShowProcess {
  const main = join(import.meta.dirname, '..', 'src', 'main.ts')
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, ...args], {
    cwd: directory,
    env: { ...process.env, INIT_CWD: '', NO_COLOR: '1', TMPDIR: directory, SHOW_TEST: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGTERM')
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const end = once(child, 'close').then((): ShowEnd => ({ exitCode: child.exitCode, ...output }))
  const printed = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const [, found] = pattern.exec(output.stdout) ?? []
        if (found !== undefined) resolve(found)
      }
      child.stdout.on('data', look)
      child.once('close', () => reject(new Error(`it ended without ${pattern}: ${output.stderr}`)))
      look()
    })
  return { child, end, printed }
}

/** Runs the command to its end. */
export function runShow(args: readonly string[], directory: string): Promise<ShowEnd> {
  return startShow(args, directory).end
}
