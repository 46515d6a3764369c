import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fromSource } from '../from-source.ts'

/** A process of this folder, from when it is ready to its end. */
export class Child {
  readonly #process: ChildProcess
  readonly #stderr: Promise<string>
  readonly #ended: Promise<unknown>

  private constructor(program: URL, args: readonly string[]) {
    this.#process = fork(program, args, {
      ...fromSource,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      // An interrupt from the terminal is for the parent: without the disk nothing could be unmounted.
      detached: true,
    })
    const { stderr } = this.#process
    this.#stderr = stderr === null ? Promise.resolve('') : text(stderr)
    this.#ended = once(this.#process, 'exit')
  }

  /** Starts `program` and waits until it says that it is ready. @throws Error with what it said instead. */
  static async start(program: URL, ...args: readonly string[]): Promise<Child> {
    const child = new Child(program, args)
    await Promise.race([once(child.#process, 'message'), child.#ended])
    if (child.#process.exitCode !== null) await child.ended()
    return child
  }

  begin(): void {
    this.#process.send('begin')
  }

  /** Resolves when it has ended by itself, well. @throws Error with what it said. */
  async ended(): Promise<void> {
    await this.#ended
    const { exitCode, signalCode } = this.#process
    if (exitCode !== 0) throw new Error(`${exitCode ?? signalCode}: ${await this.#stderr}`)
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}
