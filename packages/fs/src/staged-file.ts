import { throwIfAborted } from './abort-error.ts'
import { abandonTemporary } from './abandoned-temporaries.ts'
import type { AchievedDurability } from './directory.ts'
import type { FileStat, FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { removeFile } from './remove-file.ts'
import { hasCode } from './system-error.ts'
import { isTransientUse } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

/** What a staged file is made of. */
export interface StagedFileParts {
  readonly fs: FileSystem
  readonly path: string
  readonly target: string
  readonly stat: FileStat
  readonly durability: AchievedDurability
  readonly retry: RetryBudget
}

/** A whole file under a temporary name. It ends by `publish()` or `discard()`, one of them. */
export class StagedFile implements AsyncDisposable {
  /** Where it lies. */
  readonly path: string
  /** What it will replace. */
  readonly target: string
  /**
   * The file itself: `dev`, `ino`, `size`, `mtimeNs` and owner and mode are the published file's as
   * well. `ctimeNs` is not: a rename changes it.
   */
  readonly stat: FileStat
  /** `process` where no sync was asked for, or the file system has none. */
  readonly durability: AchievedDurability
  readonly #fs: FileSystem
  readonly #retry: RetryBudget
  #state: 'staged' | 'published' | 'discarded' = 'staged'

  constructor(parts: StagedFileParts) {
    this.path = parts.path
    this.target = parts.target
    this.stat = parts.stat
    this.durability = parts.durability
    this.#fs = parts.fs
    this.#retry = parts.retry
  }

  /**
   * Renames it onto the target: whoever opens the target sees all of the old file or all of the new
   * one. On Windows tried again, with the same file, while another program has the target open. For
   * a power cut the directory has still to be synced. When this rejects, the target is untouched
   * and the temporary is gone.
   * @throws EBUSY, EXDEV where the target is a mount or a reparse point; AbortError.
   */
  async publish(): Promise<void> {
    if (this.#state !== 'staged') throw new Error(`The staged file is already ${this.#state}`)
    const { signal } = this.#retry
    try {
      throwIfAborted(signal)
      await withRetries(() => this.#fs.rename(this.path, this.target), {
        ...this.#retry,
        path: this.target,
        syscall: 'rename',
        isTransient: (error) => isTransientUse(this.#fs.platform, error),
      })
    } catch (error) {
      await quietly(() => this.discard())
      throw explained(error, this.target)
    }
    // Only now: the name is free for others, and must never be unlinked after this.
    this.#state = 'published'
  }

  /**
   * Removes the temporary. Does nothing after `publish()`, or a second time. One that cannot be removed
   * is remembered: `removeAbandoned`, or the next file staged in its directory, tries again.
   */
  async discard(): Promise<void> {
    if (this.#state !== 'staged') return
    this.#state = 'discarded'
    try {
      await removeFile(this.#fs, this.path, this.#retry)
    } catch (error) {
      abandonTemporary(this.#fs, this.path)
      throw error
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard()
  }
}

function explained(error: unknown, target: string): unknown {
  if (error instanceof Error && hasCode(error, 'EBUSY', 'EXDEV')) {
    error.message +=
      ` ('${target}' seems to be a bind mount of a single file, or on Windows a reparse point or` +
      ' a file in use: a file that is mounted cannot be replaced; mount its directory instead)'
  }
  return error
}
