import { events } from './events.ts'
import type { FileHandle, FileStat, FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { codeOf, hasCode, isUnsupportedSync } from './system-error.ts'
import { isTransientOpen } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

/** What a write survives: the death of the process, or a power cut. */
export type AchievedDurability = 'process' | 'power'

/** The path of a directory leads to another directory than it did when it was opened. */
export class DirectoryMovedError extends Error {
  readonly code = 'EDIRMOVED'
  readonly path: string

  constructor(path: string) {
    super(
      `EDIRMOVED: the directory '${path}' was moved or replaced while it was in use; ` +
        'put it back, or open it anew',
    )
    this.name = 'DirectoryMovedError'
    this.path = path
  }
}

/**
 * Opens a directory for syncing. A platform that cannot open directories gives one whose `sync` does
 * nothing, and says so.
 * @throws the system's error where `path` is not a directory; AbortError.
 */
export async function openDirectory(
  fs: FileSystem,
  path: string,
  retry: RetryBudget = {},
): Promise<Directory> {
  const opened = await openHandle(fs, path, retry)
  // Only the opening may be aborted; a sync comes after what must not be forgotten.
  const { budgetMs, environment } = retry
  return new Directory(fs, path, opened, { budgetMs, environment })
}

/**
 * A directory whose entries are made durable through one handle, kept open: reopening it for every
 * sync can more than double the price. Made by `openDirectory`.
 */
export class Directory implements AsyncDisposable {
  readonly path: string
  readonly #fs: FileSystem
  readonly #identity: FileStat
  readonly #retry: RetryBudget
  #handle: FileHandle | null
  #isSyncable: boolean
  #isClosed = false
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<AchievedDurability> | null = null

  constructor(fs: FileSystem, path: string, opened: OpenedDirectory, retry: RetryBudget) {
    this.#fs = fs
    this.path = path
    this.#identity = opened.identity
    this.#handle = opened.handle
    this.#isSyncable = opened.handle !== null
    this.#retry = retry
  }

  /** @throws DirectoryMovedError where the path no longer leads to the directory that was opened. */
  async verify(): Promise<void> {
    let found: FileStat
    try {
      found = await this.#fs.stat(this.path)
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw new DirectoryMovedError(this.path)
      throw error
    }
    this.#compare(found)
  }

  /**
   * Makes every entry made, renamed or removed before this call durable. Resolves with `process`
   * where the platform or the file system does not sync directories (Windows never does): then
   * nothing was done, and `holdfast:degraded` told it once. Calls that arrive while a sync runs share
   * the next one.
   * @throws DirectoryMovedError; the system's error where the sync failed: what it covered may not be
   * durable. The handle is dropped then, since a second sync on it could succeed without having
   * written anything; the next call opens a new one.
   */
  sync(): Promise<AchievedDurability> {
    if (this.#isClosed) return Promise.reject(new Error(`The directory '${this.path}' is closed`))
    this.#next ??= this.#syncAfter(this.#running)
    return this.#next
  }

  /** Waits for the sync under way, and closes the handle. Idempotent; `sync` rejects afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    await quietly(() => this.#next ?? this.#running) // told to those who asked for it
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #syncAfter(running: Promise<unknown>): Promise<AchievedDurability> {
    await quietly(() => running) // told to those who asked for it
    const work = this.#sync()
    this.#running = work
    this.#next = null
    return work
  }

  async #sync(): Promise<AchievedDurability> {
    await this.verify()
    if (!this.#isSyncable) return 'process'
    const handle = this.#handle ?? (await this.#reopen())
    if (handle === null) return 'process'
    try {
      await handle.sync()
      return 'power'
    } catch (error) {
      this.#handle = null
      await quietly(() => handle.close())
      if (!isUnsupported(this.#fs, error)) throw error
      this.#isSyncable = false
      events.degraded({ path: this.path, syscall: 'fsync', code: codeOf(error) })
      return 'process'
    }
  }

  async #reopen(): Promise<FileHandle | null> {
    const { handle, identity } = await openHandle(this.#fs, this.path, this.#retry)
    this.#handle = handle
    this.#compare(identity)
    return handle
  }

  #compare(found: FileStat): void {
    const { dev, ino } = this.#identity
    if (found.dev !== dev || found.ino !== ino) throw new DirectoryMovedError(this.path)
  }
}

interface OpenedDirectory {
  /** Null where the platform cannot open directories. */
  readonly handle: FileHandle | null
  readonly identity: FileStat
}

async function openHandle(
  fs: FileSystem,
  path: string,
  retry: RetryBudget,
): Promise<OpenedDirectory> {
  let handle: FileHandle
  try {
    handle = await withRetries(() => fs.openDirectory(path), {
      ...retry,
      path,
      syscall: 'open',
      isTransient: isTransientOpen,
    })
  } catch (error) {
    if (!isUnsupported(fs, error)) throw error
    const identity = await fs.stat(path)
    events.degraded({ path, syscall: 'open', code: codeOf(error) })
    return { handle: null, identity }
  }
  try {
    return { handle, identity: await handle.stat() }
  } catch (error) {
    await quietly(() => handle.close())
    throw error
  }
}

/** Windows opens no directories, or opens them and refuses the flush (FlushFileBuffers). */
function isUnsupported(fs: FileSystem, error: unknown): boolean {
  if (isUnsupportedSync(error)) return true
  return fs.platform === 'win32' && hasCode(error, 'EPERM', 'EACCES', 'EISDIR')
}
