import { join } from 'node:path'
import {
  HoldfastError,
  type Backend,
  type CallOptions,
  type Capabilities,
  type Sequence,
} from '@holdfast/core'
import { hasCode, resolveTarget } from '@holdfast/fs'
import { closedError, systemFailure } from './file-error.ts'
import type { FileContext } from './file-context.ts'
import { decodeFileName, encodeFileName } from './file-name.ts'
import type { CheckedFileOptions } from './file-options.ts'
import { FileSequence } from './file-sequence.ts'
import { generationOwner } from './file-target.ts'
import { removeDocument } from './remove-document.ts'
import type { Handle } from './state-file.ts'
import { leaseStateFile, type StateFileLease } from './state-file-registry.ts'

/** One directory with a readable JSON file for each state. Made by `openFileBackend`. */
export class FileBackend implements Backend {
  readonly capabilities: Capabilities
  readonly location: string
  readonly #options: CheckedFileOptions
  readonly #context: FileContext
  readonly #sequences = new Set<FileSequence>()
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  /** `directory` is absolute. */
  constructor(directory: string, options: CheckedFileOptions, context: FileContext) {
    this.location = directory
    this.capabilities = { durability: options.durability, writers: 'process', history: true }
    this.#options = options
    this.#context = context
  }

  async open(name: string, { signal }: CallOptions = {}): Promise<Sequence> {
    return this.#track(async () => {
      signal?.throwIfAborted()
      const lease = await this.#lease(name)
      if (this.#closing !== null || signal?.aborted === true) {
        await lease.release()
        signal?.throwIfAborted()
        this.#requireOpen()
      }
      const release = (): Promise<void> => {
        this.#sequences.delete(sequence)
        return lease.release()
      }
      const sequence = new FileSequence({ file: lease.file, release }, this.#handle(name))
      this.#sequences.add(sequence)
      return sequence
    })
  }

  async *list({ signal }: CallOptions = {}): AsyncGenerator<string, void, void> {
    this.#requireOpen()
    signal?.throwIfAborted()
    for (const [name, path] of await this.#track(() => this.#found())) {
      this.#requireOpen()
      signal?.throwIfAborted()
      if (path === null || (await this.#isFile(path))) yield name
    }
  }

  async remove(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#track(async () => {
      signal?.throwIfAborted()
      const lease = await this.#lease(name)
      try {
        await lease.file.inTurn(async () => {
          signal?.throwIfAborted()
          await removeDocument(lease.file, this.#handle(name))
        })
      } finally {
        await lease.release()
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const closing = [...this.#sequences].map((sequence) => sequence.close())
    await Promise.allSettled(this.#underWay)
    await Promise.all(closing)
  }

  /**
   * Every state that has a file, with its path, or of which only previous generations are left, with
   * null: such a state exists, and opens as `CORRUPT`.
   */
  async #found(): Promise<Map<string, string | null>> {
    let files: string[]
    try {
      files = await this.#context.fileSystem.readdir(this.location)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return new Map()
      throw this.#listFailure(error)
    }
    const found = new Map<string, string | null>()
    for (const file of files) {
      const owner = generationOwner(file)
      const name = owner === null ? null : decodeFileName(owner)
      if (name !== null && !found.has(name)) found.set(name, null)
    }
    for (const file of files) {
      const name = decodeFileName(file)
      if (name !== null && found.get(name) !== null) found.set(name, join(this.location, file))
    }
    return found
  }

  /** A directory, or a link that leads nowhere, is no state. */
  async #isFile(path: string): Promise<boolean> {
    try {
      return (await this.#context.fileSystem.stat(path)).kind === 'file'
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ELOOP')) return false
      throw this.#listFailure(error)
    }
  }

  #listFailure(error: unknown): HoldfastError {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `The states in ${this.location} could not be listed: ${reason}. Give this user the right to read it, and look at the disk that it is on.`
    return new HoldfastError('IO', message, { cause: error })
  }

  async #lease(name: string): Promise<StateFileLease> {
    const path = join(this.location, encodeFileName(name))
    try {
      const target = await resolveTarget(this.#context.fileSystem, path, this.#options.symlinks)
      return await leaseStateFile(this.#context, target)
    } catch (error) {
      throw systemFailure(error, { name, path }, 'could not be opened')
    }
  }

  #handle(name: string): Handle {
    return { name, options: this.#options, life: null }
  }

  async #track<R>(work: () => Promise<R>): Promise<R> {
    this.#requireOpen()
    const running = work()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  #requireOpen(): void {
    if (this.#closing !== null) throw closedError(`The file backend in ${this.location}`)
  }
}
