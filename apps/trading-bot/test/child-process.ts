import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Where Node.js keeps what it compiled: a start takes half the time then. */
export const compileCache: string = join(
  import.meta.dirname,
  '..',
  'node_modules',
  '.compile-cache',
)

/** A program of the tests, or the bot's own, in a process that is killed if it outlives the test. */
export interface TestProcess {
  readonly child: ChildProcess
  readonly end: Promise<{
    readonly exitCode: number | null
    readonly killedBy: NodeJS.Signals | null
    readonly stderr: string
  }>
  /** Resolves with the next report on its channel. */
  message(): Promise<unknown>
}

/** Starts `program`, a path below the app's folder. */
export function startProcess(program: string, args: readonly string[]): TestProcess {
  const path = join(import.meta.dirname, '..', program)
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', path, ...args], {
    env: { ...process.env, INIT_CWD: '', NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = once(child, 'close').then(() => {
    const { exitCode, signalCode: killedBy } = child
    return { exitCode, killedBy, stderr }
  })
  const message = async (): Promise<unknown> => {
    const [first] = await once(child, 'message')
    return first
  }
  return { child, end, message }
}
