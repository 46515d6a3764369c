import type { FileHandle, FileStat, FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { isTransientOpen } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

/** What became of the one write call of an append. */
export interface AppendOutcome {
  /** Whether the system took all bytes. If not, some of them may be in the file: a torn piece. */
  readonly isWhole: boolean
  /** The file afterwards. It has other bytes too where others append. */
  readonly stat: FileStat
  /**
   * The sync that began right after the write, where one was asked for: it covers the bytes and all that
   * stands before them. Rejects as `sync` does.
   */
  readonly synced: Promise<void> | null
}

/**
 * Opens an existing file for appends that several processes make, and for reading. Not with O_DSYNC,
 * which makes durable the bytes of one write alone: a `sync()` covers what others have appended
 * before them as well.
 * @throws the system's error where the file cannot be opened; AbortError.
 */
export async function openAppendFile(
  fs: FileSystem,
  path: string,
  options: RetryBudget = {},
): Promise<AppendFile> {
  const flags = { access: 'readwrite', append: true, noFollow: true } as const
  const handle = await withRetries(() => fs.open(path, flags), {
    ...options,
    path,
    syscall: 'open',
    isTransient: isTransientOpen,
  })
  return new AppendFile(handle)
}

/** A file that several processes append to. Made by `openAppendFile`. */
export class AppendFile implements AsyncDisposable {
  readonly #handle: FileHandle
  #syncing: Promise<void> | null = null
  #hasFailedSync = false

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /**
   * Adds `data` at the end by one write call, which no other append can come into the middle of. It
   * survives a power cut after a sync. A short write is not continued: others may have appended behind
   * it.
   * @param isSynced Whether a sync begins at once: the caller has something to do while the disk is busy.
   * @throws the system's error: then nothing, a piece, or all of it may be in the file.
   */
  async append(data: Uint8Array, isSynced: boolean = false): Promise<AppendOutcome> {
    const count = await this.#handle.write(data, null)
    const synced = isSynced ? this.sync() : null
    synced?.catch(() => null) // told to whoever waits for it
    return { isWhole: count === data.length, stat: await this.#handle.stat(), synced }
  }

  /** Bytes from `position` on into `target`; fewer than its length only at the end of the file. */
  async read(target: Uint8Array, position: number): Promise<number> {
    return this.#handle.read(target, position)
  }

  async stat(): Promise<FileStat> {
    return this.#handle.stat()
  }

  /**
   * Makes durable what this and others appended before.
   * @throws the system's error, which is final: what was appended may never become durable, although
   * it can be read, and a second sync would say otherwise (fsyncgate; Rebello et al., ATC 2020).
   */
  sync(): Promise<void> {
    this.#syncing = this.#sync()
    return this.#syncing
  }

  /** Whether a sync has failed, be it one that nobody waited for. */
  get hasFailedSync(): boolean {
    return this.#hasFailedSync
  }

  /** Resolves when the last sync is over, whatever became of it. */
  async settled(): Promise<void> {
    await quietly(() => this.#syncing) // told to whoever asked for it
  }

  /** Waits for the last sync, since the descriptor's number may soon be another file's. */
  async close(): Promise<void> {
    await this.settled()
    await this.#handle.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #sync(): Promise<void> {
    try {
      await this.#handle.dataSync()
    } catch (error) {
      this.#hasFailedSync = true
      throw error
    }
  }
}
