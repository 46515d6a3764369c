import {
  HoldfastError,
  type Change,
  type CommitResult,
  type LoadOptions,
  type PendingChange,
  type Sequence,
  type Snapshot,
  type Version,
} from '@holdfast/core'
import { commitDocument } from './commit-document.ts'
import { encodeChange } from './encode-change.ts'
import { closedError, systemFailure } from './file-error.ts'
import { identityOf, isSameFile } from './file-identity.ts'
import { look, subjectOf } from './look.ts'
import { statFile } from './read-document.ts'
import { readHistory } from './read-history.ts'
import type { Handle, StateFile } from './state-file.ts'
import type { StateFileLease } from './state-file-registry.ts'

/** One handle on one state's file. */
export class FileSequence implements Sequence {
  readonly location: string
  readonly #file: StateFile
  readonly #lease: StateFileLease
  readonly #handle: Handle
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(lease: StateFileLease, handle: Handle) {
    this.#file = lease.file
    this.#lease = lease
    this.#handle = handle
    this.location = lease.file.target.path
  }

  async load(options: LoadOptions = {}): Promise<Snapshot | null> {
    const { signal } = options
    this.#requireOpen()
    signal?.throwIfAborted()
    return this.#inTurn(async () => {
      try {
        return (await look(this.#file, this.#handle, options)).snapshot
      } catch (error) {
        signal?.throwIfAborted()
        throw this.#failure(error, 'could not be read')
      }
    })
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    this.#requireOpen(false)
    const encoded = encodeChange(change, subjectOf(this.#file, this.#handle), this.#handle.options)
    return this.#inTurn(() => commitDocument(this.#file, this.#handle, encoded))
  }

  async read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
    this.#requireOpen()
    return this.#inTurn(async () => {
      try {
        return await this.#read(since)
      } catch (error) {
        throw this.#failure(error, 'could not be read')
      }
    })
  }

  onHint(listener: () => void): Disposable {
    this.#requireOpen()
    return this.#file.listen(this.#handle, listener)
  }

  async *history(): AsyncGenerator<Snapshot, void, void> {
    this.#requireOpen()
    yield* await this.#inTurn(async () => {
      try {
        return await readHistory(this.#file, this.#handle)
      } catch (error) {
        throw this.#failure(error, 'could not be read')
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
    this.#file.forgetHandle(this.#handle)
    await Promise.allSettled(this.#underWay)
    try {
      await this.#lease.release()
    } catch (error) {
      throw this.#failure(error, 'could not be closed')
    }
  }

  async #read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
    const { context, target, seen } = this.#file
    const stat = await statFile(context.fileSystem, target.path)
    const isUnchanged =
      seen !== null && isSameFile(stat === null ? null : identityOf(stat), seen.identity)
    if (isUnchanged && this.#file.isAt(this.#handle, seen, since)) return { changes: [] }
    const wasRecovered = isUnchanged && seen.content === 'recovered'
    const { life } = this.#handle
    const { snapshot } = await look(this.#file, this.#handle, {
      onCorrupt: wasRecovered ? 'previous' : 'error',
    })
    const isSameLife = life === null || life === this.#file.life
    if (snapshot === null || (snapshot.version === since && isSameLife)) return { changes: [] }
    return { snapshot }
  }

  async #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const running = this.#file.inTurn(work)
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  #requireOpen(committed?: false): void {
    if (this.#closing === null) return
    const { name } = this.#handle
    const error = closedError(`The handle on the state ${JSON.stringify(name)}`, name)
    if (committed === undefined) throw error
    throw new HoldfastError(error.code, error.message, { state: name, committed })
  }

  #failure(error: unknown, action: string): HoldfastError {
    return systemFailure(error, subjectOf(this.#file, this.#handle), action)
  }
}
