import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { fromSource } from '../from-source.ts'

const program = fileURLToPath(new URL('./writer.ts', import.meta.url))

/** A process of a storm, from its start to its end. */
export class StormProcess {
  readonly #child: ChildProcess
  readonly #stderr: Promise<string>
  readonly #begun: Promise<unknown>
  /** How many operations it has done, and told of. */
  operations = 0

  constructor(args: readonly (string | number)[]) {
    this.#child = fork(program, args.map(String), {
      ...fromSource,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.on('message', (done) => {
      if (typeof done === 'number') this.operations += done
    })
    const { stderr } = this.#child
    this.#stderr = stderr === null ? Promise.resolve('') : text(stderr)
    this.#begun = Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')])
  }

  /** Resolves when it does its first operation, or has ended. */
  async begun(): Promise<void> {
    await this.#begun
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name)
  }

  /** Lets it finish what it does. @throws Error for a process that ended by itself, with what it said. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.send('stop')
    await this.ended()
    if (this.#child.signalCode === 'SIGKILL' || this.#child.exitCode === 0) return
    throw new Error(`a process failed (${this.#child.exitCode}): ${await this.#stderr}`)
  }

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit')
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}
