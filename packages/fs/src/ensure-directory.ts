import { dirname } from 'node:path'
import type { AchievedDurability } from './directory.ts'
import type { FileStat, FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { syncDirectory } from './sync-directory.ts'
import { hasCode, systemError } from './system-error.ts'
import type { RetryBudget } from './with-retries.ts'

/** How missing directories are made. */
export interface EnsureDirectoryOptions extends RetryBudget {
  /** Permission bits of created levels, before the umask; 0o700 when left out. */
  readonly mode?: number
  /** Whether the parent of each created level is synced before this resolves. */
  readonly durable: boolean
}

/** What `ensureDirectory` did. */
export interface EnsuredDirectory {
  /** The levels that were created, outermost first. */
  readonly created: readonly string[]
  /** `process` where a level was created and its parent cannot be synced, or was not asked to be. */
  readonly durability: AchievedDurability
}

/**
 * Makes sure that `path`, absolute, is a directory, creating it and what is missing above it. When
 * it fails, the levels that it created are removed again, as far as nobody uses them: a level left
 * behind would look durable to the next call.
 * @throws ENOTDIR where something else than a directory stands in the way.
 */
export async function ensureDirectory(
  fs: FileSystem,
  path: string,
  options: EnsureDirectoryOptions,
): Promise<EnsuredDirectory> {
  const created: string[] = []
  try {
    await createLevels(fs, path, options.mode ?? 0o700, created)
    return { created, durability: await syncParents(fs, created, options) }
  } catch (error) {
    for (const level of created.toReversed()) await quietly(() => fs.rmdir(level))
    throw error
  }
}

async function createLevels(
  fs: FileSystem,
  path: string,
  mode: number,
  created: string[],
): Promise<void> {
  if (await createLevel(fs, path, mode, created)) return
  const parent = dirname(path)
  if (parent !== path) {
    await createLevels(fs, parent, mode, created)
    if (await createLevel(fs, path, mode, created)) return
  }
  throw systemError('ENOENT', 'mkdir', path, 'there is no directory to create it in')
}

/** Whether `path` is a directory now; false where its parent is missing. */
async function createLevel(
  fs: FileSystem,
  path: string,
  mode: number,
  created: string[],
): Promise<boolean> {
  try {
    await fs.mkdir(path, mode)
    created.push(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    // What is there counts, not the code: a read-only file system may answer EROFS before EEXIST
    // (mkdir(2)), and Windows refuses to make the root of a drive with EPERM.
    const kind = await kindAt(fs, path)
    if (kind === 'directory') return true
    if (kind === null || !hasCode(error, 'EEXIST')) throw error
    throw systemError('ENOTDIR', 'mkdir', path, 'a directory is needed where something else stands')
  }
}

/** Null where that cannot be told: the error of mkdir says why. */
async function kindAt(fs: FileSystem, path: string): Promise<FileStat['kind'] | null> {
  try {
    return (await fs.stat(path)).kind
  } catch {
    return null
  }
}

async function syncParents(
  fs: FileSystem,
  created: readonly string[],
  options: EnsureDirectoryOptions,
): Promise<AchievedDurability> {
  if (created.length > 0 && !options.durable) return 'process'
  let durability: AchievedDurability = 'power'
  for (const level of created) {
    const achieved = await syncDirectory(fs, dirname(level), options)
    if (achieved === 'process') durability = 'process'
  }
  return durability
}
