import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { throwIfAborted } from './abort-error.ts'
import { openDirectory } from './directory.ts'
import type { AchievedDurability } from './directory.ts'
import { encodeText, isSource } from './encode-data.ts'
import type { WritableData } from './encode-data.ts'
import { ensureDirectory } from './ensure-directory.ts'
import { fileEnvironment } from './environment.ts'
import type { FileEnvironment } from './environment.ts'
import { events } from './events.ts'
import type { FileStat, FileSystem } from './file-system.ts'
import { inspectTarget } from './inspect-target.ts'
import { nodeFileSystem } from './node-file-system.ts'
import { quietly } from './quietly.ts'
import { absolutePath, resolveTarget } from './resolve-target.ts'
import { stageFile } from './stage-file.ts'
import { hasCode } from './system-error.ts'
import { queueOf } from './target-queue.ts'
import type { QueuePlace } from './target-queue.ts'
import type { RetryBudget } from './with-retries.ts'
import { checkOptions } from './write-file-options.ts'
import type { WriteFileOptions } from './write-file-options.ts'

/** What `writeFileAtomic` achieved. */
export interface WrittenFile {
  /** What was achieved; less than asked for only where the file system or platform has no sync. */
  readonly durability: AchievedDurability
  /** The published file; `ctimeNs` is from before the rename. */
  readonly stat: FileStat
}

/**
 * Replaces the file at `path` by one that holds `data`, as one step: whoever reads sees all of the
 * old content or all of the new, through a crash and, with `power`, through a power cut. Calls for one
 * file, under whatever spelling, are done in call order; different files in parallel. `data` and
 * `options` are taken as they are at the call (a source is read when its turn comes).
 *
 * Every rejection carries `committed`: false means that the target is untouched and no temporary is
 * left; true that the new content is in place, but that its survival of a power cut is not known.
 * @throws Node's system errors, AbortError, DirectoryMovedError, and what a source throws.
 */
export async function writeFileAtomic(
  path: string | URL,
  data: WritableData,
  options: WriteFileOptions = {},
): Promise<WrittenFile> {
  const progress = { isCommitted: false }
  try {
    checkOptions(options)
    const request: Request = {
      ...options,
      fs: options.fs ?? nodeFileSystem,
      environment: fileEnvironment(options.environment),
      durability: options.durability ?? 'power',
      path: absolutePath(typeof path === 'string' ? path : fileURLToPath(path)),
      data: snapshot(data),
    }
    throwIfAborted(request.signal)
    const { target, directoryDurability, place } = await admit(request)
    try {
      await place.turn(request.signal)
      const written = await write(request, target, progress)
      return directoryDurability === 'power' ? written : { ...written, durability: 'process' }
    } finally {
      place.leave()
    }
  } catch (error) {
    throw withCommitted(error, progress.isCommitted)
  }
}

interface Request extends Omit<WriteFileOptions, 'environment'> {
  readonly fs: FileSystem
  readonly environment: FileEnvironment
  readonly durability: AchievedDurability
  readonly path: string
  readonly data: Uint8Array | AsyncIterable<string | Uint8Array>
}

/** What the caller does with its bytes afterwards changes nothing. */
function snapshot(data: WritableData): Request['data'] {
  if (typeof data === 'string') return encodeText(data)
  return isSource(data) ? data : Uint8Array.prototype.slice.call(data)
}

/**
 * Finds the target and takes a place in its queue. One call at a time: else a call that has more
 * links to follow would be overtaken by a later one.
 */
async function admit(
  request: Request,
): Promise<{ target: string; directoryDurability: AchievedDurability; place: QueuePlace }> {
  const { fs, path, signal, symlinks = 'follow' } = request
  const queue = queueOf(fs)
  const admission = queue.join('admission')
  try {
    await admission.turn(signal)
    const target = await resolveTarget(fs, path, symlinks)
    const parent = await findParent(request, dirname(target))
    const { dev, ino } = parent.stat
    // Folded: on file systems that ignore case and composition these are one file, and elsewhere
    // two files that take turns lose nothing but time.
    const key = `${dev}:${ino}:${basename(target).normalize('NFC').toLowerCase()}`
    return { target, directoryDurability: parent.durability, place: queue.join(key) }
  } finally {
    admission.leave()
  }
}

/** The target's directory, created where it is missing and may be. */
async function findParent(
  request: Request,
  path: string,
): Promise<{ stat: FileStat; durability: AchievedDurability }> {
  const { fs, durability, createDirectories = true } = request
  try {
    return { stat: await fs.stat(path), durability: 'power' }
  } catch (error) {
    if (!createDirectories || !hasCode(error, 'ENOENT')) throw error
  }
  const options = { ...budgetOf(request), mode: 0o700, durable: durability === 'power' }
  const ensured = await ensureDirectory(fs, path, options)
  return { stat: await fs.stat(path), durability: ensured.durability }
}

async function write(
  request: Request,
  target: string,
  progress: { isCommitted: boolean },
): Promise<WrittenFile> {
  const { fs, data, durability } = request
  const directory =
    durability === 'power' ? await openDirectory(fs, dirname(target), budgetOf(request)) : null
  let written: WrittenFile
  try {
    const existing = await inspectTarget(fs, target)
    const staged = await stageFile(fs, target, data, { ...request, existing })
    await staged.publish()
    progress.isCommitted = true
    if (existing?.kind === 'file' && existing.nlink > 1) {
      events.hardLinks({ path: target, nlink: existing.nlink })
    }
    const synced = (await directory?.sync()) ?? 'process'
    const achieved = staged.durability === 'power' && synced === 'power' ? 'power' : 'process'
    written = { durability: achieved, stat: staged.stat }
  } catch (error) {
    await quietly(() => directory?.close())
    throw error
  }
  await directory?.close()
  return written
}

function budgetOf({ retryBudgetMs, signal, environment }: Request): RetryBudget {
  return { budgetMs: retryBudgetMs, signal, environment }
}

/** The error itself with `committed` on it, or, where it cannot carry it, one that has it as cause. */
function withCommitted(error: unknown, committed: boolean): unknown {
  if (error instanceof Error && Object.isExtensible(error)) {
    return Object.assign(error, { committed })
  }
  const message = error instanceof Error ? error.message : String(error)
  return Object.assign(new Error(message, { cause: error }), { committed })
}
