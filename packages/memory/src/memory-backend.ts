import { HoldfastError, type Backend, type CallOptions, type Capabilities } from '@holdfast/core'
import { Memory } from './memory.ts'
import { MemorySequence } from './memory-sequence.ts'

/** What `openMemoryBackend` and the module take. */
export interface MemoryOptions {
  /** Where to keep the states; a Memory of its own when left out. */
  readonly memory?: Memory | undefined
  /**
   * How many changes of each state are kept for `read` and `history`; 1000 when left out. With 0 there
   * is no history, and every read is a snapshot.
   */
  readonly keep?: number | undefined
}

/**
 * Opens a backend that keeps states in this process and loses them with it.
 * @throws TypeError when `keep` is not a whole number, 0 or more.
 */
export function openMemoryBackend(options: MemoryOptions = {}): Backend {
  const { memory = new Memory(), keep = 1000 } = options
  if (!Number.isSafeInteger(keep) || keep < 0) {
    throw new TypeError(`\`keep\` is a number of changes, 0 or more, not ${keep}.`)
  }
  return new MemoryBackend(memory, keep)
}

class MemoryBackend implements Backend {
  readonly capabilities: Capabilities
  readonly location = 'memory:'
  readonly #memory: Memory
  readonly #keep: number
  readonly #sequences = new Set<MemorySequence>()
  #isClosed = false

  constructor(memory: Memory, keep: number) {
    this.capabilities = { durability: 'none', writers: 'process', history: keep > 0 }
    this.#memory = memory
    this.#keep = keep
  }

  async open(name: string, options?: CallOptions): Promise<MemorySequence> {
    this.#assertOpen(name)
    options?.signal?.throwIfAborted()
    if (name === '') {
      throw new HoldfastError('INVALID', 'A state needs a name; this one is empty.', {
        state: name,
      })
    }
    const sequence = new MemorySequence(this.#memory, name, this.#keep, this.#sequences)
    this.#sequences.add(sequence)
    return sequence
  }

  async *list(options?: CallOptions): AsyncIterable<string> {
    this.#assertOpen()
    for (const state of this.#memory.written()) {
      options?.signal?.throwIfAborted()
      yield state.name
    }
  }

  async remove(name: string, options?: CallOptions): Promise<void> {
    this.#assertOpen(name)
    options?.signal?.throwIfAborted()
    this.#memory.state(name).clear()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(Array.from(this.#sequences, (sequence) => sequence.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #assertOpen(state?: string): void {
    if (!this.#isClosed) return
    const message = 'This memory backend was closed. Open another one to go on.'
    throw new HoldfastError('CLOSED', message, state === undefined ? {} : { state })
  }
}
