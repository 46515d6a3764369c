import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { fromSource } from '../from-source.ts'
import type { Step } from './session.ts'
import type { TracedBackend } from './traced-backend.ts'

const program = fileURLToPath(new URL('./tracee.ts', import.meta.url))

/** What a process is made of, as far as file calls are concerned: libuv's pool has one thread here. */
export type ThreadRole = 'main' | 'pool'

/** Where each open descriptor leads, by its number. */
export type Descriptors = Readonly<Record<string, string>>

/** What a process answers. */
export interface Answer {
  /** What it has open; null: it died. */
  readonly descriptors: Descriptors | null
  /** What became of each step. */
  readonly steps: readonly Step[]
}

/** The real node binary with a bot in it, waiting for orders. */
export class TracedProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  /** How it calls itself in the names of temporaries. */
  readonly instance: string

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, instance: string) {
    this.#child = child
    this.#lines = lines
    this.instance = instance
  }

  static async start(): Promise<TracedProcess> {
    const child = fork(program, {
      execArgv: fromSource.execArgv,
      env: {
        ...fromSource.env,
        // strace counts by thread, and does not see what goes through io_uring.
        UV_THREADPOOL_SIZE: '1',
        UV_USE_IO_URING: '0',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    })
    const pipe = child.stdio[4]
    if (!(pipe instanceof Readable)) throw new Error('the child has no pipe')
    const lines = createInterface({ input: pipe })[Symbol.asyncIterator]()
    const { value } = await lines.next()
    return new TracedProcess(child, lines, String(JSON.parse(value ?? '{}').instance))
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** Its threads that make file calls. */
  thread(role: ThreadRole): number {
    if (role === 'main') return this.pid
    const tasks = `/proc/${this.pid}/task`
    const found = readdirSync(tasks).find((thread) =>
      readFileSync(`${tasks}/${thread}/comm`, 'utf8').startsWith('libuv-worker'),
    )
    if (found === undefined) throw new Error('the thread of the pool was not found by its name')
    return Number(found)
  }

  /** Opens the state, saves twice, loads. */
  run(
    kind: TracedBackend,
    directory: string,
    ids: readonly [string, string] = ['a', 'b'],
  ): Promise<Answer> {
    return this.#ask({ kind, directory, ids })
  }

  /** Saves once more by the same handles, and closes them. */
  goOn(): Promise<Answer> {
    return this.#ask({})
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await this.ended()
  }

  /** Resolves when it is gone, and its id is free. */
  async ended(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await once(this.#child, 'exit')
  }

  async #ask(request: object): Promise<Answer> {
    this.#child.send(request)
    const steps: Step[] = []
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) return { descriptors: null, steps }
      const line: Step | { descriptors: Descriptors } = JSON.parse(value)
      if ('descriptors' in line) return { descriptors: line.descriptors, steps }
      steps.push(line)
    }
  }
}
