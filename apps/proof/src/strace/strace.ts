import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { tracedSystemCalls } from './system-calls.ts'

/** What strace is told. */
export interface StraceOptions {
  /** The threads to attach to. Each counts its calls by itself: with one, a count is exact. */
  readonly threads: readonly number[]
  /** Only calls on these paths are traced and counted; all where there are none. */
  readonly paths: readonly string[]
  /** What to do to which call, as `--inject` takes it. */
  readonly inject: string | null
  /** Where the trace goes. */
  readonly output: string
  /** Whether the trace has what was written, in hexadecimal digits, and no paths beside descriptors. */
  readonly hasContent?: boolean
}

/** strace, attached to threads that were running before. */
export class Strace {
  readonly #child: ChildProcess
  readonly #output: string

  private constructor(child: ChildProcess, output: string) {
    this.#child = child
    this.#output = output
  }

  /**
   * Attaches; resolves when all threads are traced.
   * @throws Error where strace is missing, or may not attach.
   */
  static async attach(options: StraceOptions): Promise<Strace> {
    const { threads, paths, inject, output, hasContent = false } = options
    const args = ['-ttt', '-o', output, '-e', 'signal=none']
    args.push(...(hasContent ? ['-xx', '-s', '1048576'] : ['-y', '-s', '0']))
    args.push('-e', `trace=${tracedSystemCalls.join()}`)
    if (inject !== null) args.push('-e', `inject=${inject}`)
    for (const path of paths) args.push('-P', path)
    for (const thread of threads) args.push('-p', String(thread))
    const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const { stderr } = child
    let told = ''
    await new Promise<void>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new Error('strace is missing: run scripts/install-system-packages.sh', { cause })),
      )
      child.once('exit', () => reject(new Error(`strace could not attach: ${told}`)))
      stderr?.on('data', (data: Buffer) => {
        told += data.toString()
        if (told.split(' attached').length > threads.length) resolve()
      })
    })
    return new Strace(child, output)
  }

  /** Detaches, where the process has not ended before; resolves with the lines of the trace. */
  async detach(): Promise<string[]> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGINT')
      await once(this.#child, 'exit')
    }
    return (await readFile(this.#output, 'utf8')).split('\n').slice(0, -1)
  }
}
