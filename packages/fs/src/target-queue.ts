import { abortable } from './abort-error.ts'
import type { FileSystem } from './file-system.ts'

/** A place in a queue, taken when it was made. */
export interface QueuePlace {
  /** Resolves when all who came before have left; rejects with AbortError when aborted earlier. */
  turn(signal: AbortSignal | undefined): Promise<void>
  /** Lets the next one in. Must be called once, whatever happened. */
  leave(): void
}

/** Queues by key: one at a time, in the order of `join`; different keys know nothing of each other. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>()

  join(key: string): QueuePlace {
    const before = this.#tails.get(key) ?? Promise.resolve()
    let leave!: () => void
    const left = new Promise<void>((resolve) => {
      leave = resolve
    })
    // One who is aborted while waiting leaves early; who comes after still waits for those before.
    const tail = before.then(() => left)
    this.#tails.set(key, tail)
    void this.#forget(key, tail)
    return { turn: (signal) => abortable(before, signal), leave }
  }

  async #forget(key: string, tail: Promise<void>): Promise<void> {
    await tail
    if (this.#tails.get(key) === tail) this.#tails.delete(key)
  }
}

const queues = new WeakMap<FileSystem, KeyedQueue>()

/** The queue of all writes through `fs` in this process. */
export function queueOf(fs: FileSystem): KeyedQueue {
  let queue = queues.get(fs)
  if (queue === undefined) {
    queue = new KeyedQueue()
    queues.set(fs, queue)
  }
  return queue
}
