import { basename, dirname, join } from 'node:path'
import { abandonTemporary, removeAbandoned } from './abandoned-temporaries.ts'
import { throwIfAborted } from './abort-error.ts'
import type { AchievedDurability } from './directory.ts'
import { encodeSource, encodeText, isSource } from './encode-data.ts'
import type { WritableData } from './encode-data.ts'
import { systemFileEnvironment } from './environment.ts'
import type { FileEnvironment } from './environment.ts'
import { events } from './events.ts'
import type { FileHandle, FileStat, FileSystem } from './file-system.ts'
import { applyMetadata } from './file-metadata.ts'
import type { FileOwner } from './file-metadata.ts'
import { inspectTarget } from './inspect-target.ts'
import { quietly } from './quietly.ts'
import { removeFile } from './remove-file.ts'
import { StagedFile } from './staged-file.ts'
import { codeOf, hasCode, isUnsupportedSync, systemError } from './system-error.ts'
import { isTransientOpen } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'
import { writeAll } from './write-all.ts'

/** How a temporary is written. */
export interface StageOptions {
  /**
   * Permission bits, exactly these whatever the umask is. Left out, the target's own are kept, and a
   * new file gets 0o600.
   */
  readonly mode?: number | undefined
  /** Left out, the target's owner is kept as far as this process may; given, it must succeed. */
  readonly owner?: FileOwner | undefined
  /** `power` syncs the data before this resolves. */
  readonly durability: AchievedDurability
  /**
   * Whether each piece of a source of data is flushed before the next one is written: then who flushes
   * something else meanwhile waits for a piece, and not for the whole. False when left out.
   */
  readonly isFlushedInPieces?: boolean
  /** What `inspectTarget` gave for the target; left out, it is asked. */
  readonly existing?: FileStat | null
  readonly signal?: AbortSignal | undefined
  /** How long passing errors are tried again; 10 s when left out. */
  readonly retryBudgetMs?: number | undefined
  readonly environment?: FileEnvironment
}

const maxNames = 16

/**
 * Writes `data` whole into a new temporary beside `target`: size verified, owner and mode set, and,
 * for `power`, synced; then closed. Nothing but a rename is left to do. The target is not touched;
 * when this rejects, the temporary is gone.
 * @param target An absolute path without links, as `resolveTarget` gives it. A link found there is
 * taken as something to replace, and lends neither mode nor owner.
 * @throws EISDIR or EINVAL, before anything is written, where the target is not a regular file.
 */
export async function stageFile(
  fs: FileSystem,
  target: string,
  data: WritableData,
  options: StageOptions,
): Promise<StagedFile> {
  const { signal } = options
  throwIfAborted(signal)
  const existing =
    options.existing === undefined ? await inspectTarget(fs, target) : options.existing
  const bytes = typeof data === 'string' ? encodeText(data) : data
  await removeAbandoned(fs, dirname(target))
  const { path, handle } = await createTemporary(fs, target, options)
  let isOpen = true
  try {
    const size = await writeData(handle, path, bytes, options)
    const written = await verifySize(handle, path, size)
    const kept = existing?.kind === 'file' ? existing : null
    const stat = await applyMetadata(handle, written, kept, options)
    const durability = options.durability === 'power' ? await syncFile(handle, path) : 'process'
    isOpen = false // whatever close says, the descriptor is gone (close(2))
    await handle.close()
    throwIfAborted(signal)
    return new StagedFile({ fs, path, target, stat, durability, retry: retryOptions(options) })
  } catch (error) {
    if (isOpen) await quietly(() => handle.close())
    await removeOrAbandon(fs, path, options)
    throw error
  }
}

/** An error is on its way to the caller; one more would hide it. */
async function removeOrAbandon(fs: FileSystem, path: string, options: StageOptions): Promise<void> {
  try {
    await removeFile(fs, path, retryOptions(options))
  } catch {
    abandonTemporary(fs, path)
  }
}

async function createTemporary(
  fs: FileSystem,
  target: string,
  options: StageOptions,
): Promise<{ path: string; handle: FileHandle }> {
  const environment = options.environment ?? systemFileEnvironment
  const flags = { access: 'write', create: 'exclusive', noFollow: true, mode: 0o600 } as const
  for (let name = 1; ; name += 1) {
    const path = join(dirname(target), environment.temporaryName(basename(target)))
    try {
      const handle = await withRetries(() => fs.open(path, flags), {
        ...retryOptions(options),
        path,
        syscall: 'open',
        isTransient: isTransientOpen,
      })
      return { path, handle }
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || name === maxNames) throw error
    }
  }
}

async function writeData(
  handle: FileHandle,
  path: string,
  data: Uint8Array | AsyncIterable<string | Uint8Array>,
  { signal, isFlushedInPieces = false }: StageOptions,
): Promise<number> {
  if (!isSource(data)) return writeAll(handle, path, data, 0, signal)
  let position = 0
  for await (const piece of encodeSource(data, signal)) {
    position = await writeAll(handle, path, piece, position, signal)
    if (isFlushedInPieces) await flushPiece(handle)
  }
  return position
}

/** Where that is not supported, the sync at the end tells. */
async function flushPiece(handle: FileHandle): Promise<void> {
  try {
    await handle.dataSync()
  } catch (error) {
    if (!isUnsupportedSync(error)) throw error
  }
}

async function verifySize(handle: FileHandle, path: string, size: number): Promise<FileStat> {
  const stat = await handle.stat()
  if (stat.size === size) return stat
  throw systemError('EIO', 'fstat', path, `${size} bytes were written, the file has ${stat.size}`)
}

/**
 * A failed fsync is final: the kernel may have marked the pages clean, and a second one would
 * succeed without the data being on the disk (fsyncgate; Rebello et al., ATC 2020).
 */
async function syncFile(handle: FileHandle, path: string): Promise<AchievedDurability> {
  try {
    await handle.sync()
    return 'power'
  } catch (error) {
    if (!isUnsupportedSync(error)) throw error
    events.degraded({ path, syscall: 'fsync', code: codeOf(error) })
    return 'process'
  }
}

function retryOptions({ retryBudgetMs, signal, environment }: StageOptions): RetryBudget {
  return { budgetMs: retryBudgetMs, signal, environment }
}
