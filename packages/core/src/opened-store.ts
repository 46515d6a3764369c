import type { z } from 'zod'
import type { Backend, Capabilities } from './backend.ts'
import type { Environment } from './environment.ts'
import { HoldfastError } from './error.ts'
import { openState } from './open-state.ts'
import type { State } from './state.ts'
import type { OpenOptions, Store } from './store.ts'

/** The one implementation of `Store`: a backend, and the states that are open on it. */
export class OpenedStore implements Store {
  readonly #backend: Backend
  readonly #environment: Environment
  readonly #states = new Set<{ close(): Promise<void> }>()
  #closing: Promise<void> | undefined

  constructor(backend: Backend, environment: Environment) {
    this.#backend = backend
    this.#environment = environment
  }

  get capabilities(): Capabilities {
    return this.#backend.capabilities
  }

  get location(): string {
    return this.#backend.location
  }

  async open<Schema extends z.ZodType>(
    name: string,
    options: OpenOptions<Schema>,
  ): Promise<State<z.output<Schema>>> {
    this.#assertOpen()
    const { signal } = options
    const sequence = await this.#backend.open(name, signal ? { signal } : {})
    const state = await openState(name, sequence, options, this.#environment, () => {
      this.#states.delete(state)
    })
    this.#states.add(state)
    if (this.#closing) await state.close()
    this.#assertOpen()
    return state
  }

  list(): AsyncIterable<string> {
    this.#assertOpen()
    return this.#backend.list()
  }

  async remove(name: string): Promise<void> {
    this.#assertOpen()
    await this.#backend.remove(name)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const closed = await Promise.allSettled([...this.#states].map((state) => state.close()))
    await this.#backend.close()
    const failed = closed.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  #assertOpen(): void {
    if (!this.#closing) return
    throw new HoldfastError('CLOSED', `the store at ${this.location} is closed: open it again`)
  }
}
