import type { AchievedDurability } from './directory.ts'
import type { FileHandle, FileStat, FileSystem } from './file-system.ts'
import { isTransientOpen } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

/** How `openAppendFile` opens a file. */
export interface AppendFileOptions extends RetryBudget {
  /** Whether an append resolves only when it survives a power cut, or at once. */
  readonly durability: AchievedDurability
}

/** What became of the one write call of an append. */
export interface AppendOutcome {
  /** Whether the system took all bytes. If not, some of them may be in the file: a torn piece. */
  readonly isWhole: boolean
  /** The file afterwards. It has other bytes too where others append. */
  readonly stat: FileStat
}

/**
 * Opens an existing file for durable appends, and for reading. On Linux the file is opened with O_DSYNC,
 * so that an append is one call that waits for the disk once; elsewhere the append is followed by the
 * strongest flush there is: macOS takes O_DSYNC and does not flush the drive's cache (fcntl(2),
 * F_FULLFSYNC, is what `sync` does there), Windows has no such flag.
 * @throws the system's error where the file cannot be opened; AbortError.
 */
export async function openAppendFile(
  fs: FileSystem,
  path: string,
  options: AppendFileOptions,
): Promise<AppendFile> {
  const isPower = options.durability === 'power'
  const dataSync = isPower && fs.platform === 'linux'
  const flags = { access: 'readwrite', append: true, noFollow: true, dataSync } as const
  const handle = await withRetries(() => fs.open(path, flags), {
    ...options,
    path,
    syscall: 'open',
    isTransient: isTransientOpen,
  })
  return new AppendFile(handle, isPower && !dataSync)
}

/** A file that several processes append to. Made by `openAppendFile`. */
export class AppendFile implements AsyncDisposable {
  readonly #handle: FileHandle
  readonly #needsSync: boolean

  constructor(handle: FileHandle, needsSync: boolean) {
    this.#handle = handle
    this.#needsSync = needsSync
  }

  /**
   * Adds `data` at the end by one write call, which no other append can come into the middle of, and
   * waits until it is durable. A short write is not continued: others may have appended behind it.
   * @throws the system's error of the write: then nothing, a piece, or all of it may be in the file;
   * or that of the flush, which is final: what was appended may never become durable, although it
   * can be read, and a second flush would say otherwise (fsyncgate; Rebello et al., ATC 2020).
   */
  async append(data: Uint8Array): Promise<AppendOutcome> {
    const count = await this.#handle.write(data, null)
    if (this.#needsSync) await this.#handle.sync()
    return { isWhole: count === data.length, stat: await this.#handle.stat() }
  }

  /** Bytes from `position` on into `target`; fewer than its length only at the end of the file. */
  async read(target: Uint8Array, position: number): Promise<number> {
    return this.#handle.read(target, position)
  }

  async stat(): Promise<FileStat> {
    return this.#handle.stat()
  }

  /** Makes durable what others appended: one's own appends are. @throws as `append`; final as well. */
  async sync(): Promise<void> {
    await this.#handle.dataSync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
