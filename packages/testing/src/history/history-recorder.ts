import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { HoldfastError, type Json } from '@holdfast/core'

/** Where a recorder writes, and for whom. */
export interface HistoryRecorderOptions {
  /** The folder that all processes of the history write to; it has to exist. */
  readonly directory: string
  /** The name of this process in the history; a file of this name must not be there. */
  readonly process: string
  /**
   * Nanoseconds on a clock that all processes share; `process.hrtime.bigint` when left out, which on
   * Linux is CLOCK_MONOTONIC, one for the machine.
   */
  readonly now?: () => bigint
}

/**
 * Records what one process does to objects that others use too. Each line is in the system's hands
 * before `record` goes on, so that it outlives the process: an operation that was begun and never ended
 * is one of unknown outcome. A history is not meant to survive a power cut.
 */
export class HistoryRecorder implements Disposable {
  readonly #descriptor: number
  readonly #process: string
  readonly #now: () => bigint
  #count = 0
  #isClosed = false

  constructor(options: HistoryRecorderOptions) {
    const { directory, process: name, now = () => process.hrtime.bigint() } = options
    if (!/^[\w.-]+$/.test(name)) throw new TypeError(`no name for a file: ${JSON.stringify(name)}`)
    this.#descriptor = openSync(join(directory, `${name}.history.jsonl`), 'ax', 0o600)
    this.#process = name
    this.#now = now
  }

  /**
   * Does `work`, the operation `input` on `key`, and resolves with its output. Where it fails, the
   * outcome is unknown, unless `work` throws a HoldfastError with `committed: false`: then the operation
   * had no effect, and is not part of the history. Its error is thrown on in either case.
   */
  async record<Output extends Json>(
    key: string,
    input: Json,
    work: () => Promise<Output>,
  ): Promise<Output> {
    const id = (this.#count += 1)
    this.#write({ begin: id, at: String(this.#now()), process: this.#process, key, input })
    let output: Output
    try {
      output = await work()
    } catch (error) {
      if (HoldfastError.is(error) && error.committed === false) this.#write({ withdraw: id })
      throw error
    }
    this.#write({ end: id, at: String(this.#now()), output })
    return output
  }

  /** Ends the recording; what is under way stays of unknown outcome. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.#descriptor)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** One write call to a file that is appended to: a killed process leaves whole lines, or a last piece. */
  #write(line: { readonly [member: string]: Json }): void {
    if (this.#isClosed) return
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    if (writeSync(this.#descriptor, bytes) !== bytes.length) {
      throw new Error(`the history of ${this.#process} could not be written whole`)
    }
  }
}

/**
 * Begins to record what this process does.
 * @throws the system's error, EEXIST where another process has recorded under this name.
 */
export function openHistoryRecorder(options: HistoryRecorderOptions): HistoryRecorder {
  return new HistoryRecorder(options)
}
