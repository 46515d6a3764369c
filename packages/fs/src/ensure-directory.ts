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
  /** Whether the name of each level is made durable before this resolves. */
  readonly durable: boolean
}

/** What `ensureDirectory` did. */
export interface EnsuredDirectory {
  /** The levels that were created, outermost first. */
  readonly created: readonly string[]
  /** `process` where a level was created and its name cannot be made durable, or was not asked to be. */
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
    return { created, durability: await syncNames(fs, path, created, options) }
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
    const kind = await kindAt(fs, path, error)
    if (kind === 'directory') return true
    if (!hasCode(error, 'EEXIST')) throw error
    throw systemError('ENOTDIR', 'mkdir', path, 'a directory is needed where something else stands')
  }
}

/** Where that cannot be told, the error of mkdir says why; unless it only says that something is there. */
async function kindAt(
  fs: FileSystem,
  path: string,
  mkdirError: unknown,
): Promise<FileStat['kind']> {
  try {
    return (await fs.stat(path)).kind
  } catch (error) {
    throw hasCode(mkdirError, 'EEXIST') && !hasCode(error, 'ENOENT') ? error : mkdirError
  }
}

/**
 * Makes the names of all levels durable, outermost first. Those that were there already too: another
 * process may have created one a moment ago, and not have synced it yet. A directory that may not be
 * read cannot be synced; nobody creates directories in such a one.
 */
async function syncNames(
  fs: FileSystem,
  path: string,
  created: readonly string[],
  options: EnsureDirectoryOptions,
): Promise<AchievedDurability> {
  if (!options.durable) return created.length > 0 ? 'process' : 'power'
  let durability: AchievedDurability = 'power'
  for (const level of levelsOf(path)) {
    const isCreated = created.includes(level)
    try {
      const achieved = await syncDirectory(fs, dirname(level), options)
      if (isCreated && achieved === 'process') durability = 'process'
    } catch (error) {
      if (isCreated || !hasCode(error, 'EACCES', 'EPERM')) throw error
    }
  }
  return durability
}

/** `path` and all that is above it but the root, outermost first. */
function levelsOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [...levelsOf(parent), path]
}
