import { basename, dirname, join } from 'node:path'
import { systemFileEnvironment } from './environment.ts'
import type { FileEnvironment } from './environment.ts'
import type { FileSystem } from './file-system.ts'
import type { Instance } from './instance.ts'
import { hasCode } from './system-error.ts'
import { parseTemporaryName } from './temporary-name.ts'

/** What a sweep removed, and what it could not. */
export interface SweptTemporaries {
  readonly removed: readonly string[]
  /** What should have gone and could not be removed, with the reason. It does no harm but take room. */
  readonly failed: readonly { readonly path: string; readonly error: unknown }[]
}

const dayMs = 24 * 60 * 60 * 1000
/** File systems keep times as coarsely as 2 s (FAT). */
const coarsestTimeMs = 2000

/**
 * Removes what crashed writers of `target` left behind: files with a temporary name made for it,
 * older than this process, whose writer is provably dead, or out of sight and their last write more
 * than 24 hours ago. Live writers' and other programs' files stay.
 */
export async function sweepTemporaries(
  fs: FileSystem,
  target: string,
  self: Instance,
  environment: FileEnvironment = systemFileEnvironment,
): Promise<SweptTemporaries> {
  const [directory, base] = [dirname(target), basename(target)]
  const now = environment.now()
  const startedMs = now - environment.uptimeMs()
  const removed: string[] = []
  const failed: { path: string; error: unknown }[] = []
  for (const name of await namesIn(fs, directory)) {
    const writer = parseTemporaryName(base, name)
    if (writer === null) continue
    const path = join(directory, name)
    try {
      const stat = await fs.lstat(path)
      const writtenMs = Number(stat.mtimeNs / 1_000_000n)
      if (stat.kind !== 'file' || writtenMs >= startedMs - coarsestTimeMs) continue
      const liveness = environment.livenessOf(writer, self)
      if (liveness === 'alive' || liveness === 'stopped') continue
      if (liveness === 'unknown' && now - writtenMs <= dayMs) continue
      await fs.unlink(path)
      removed.push(path)
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) failed.push({ path, error })
    }
  }
  return { removed, failed }
}

async function namesIn(fs: FileSystem, directory: string): Promise<string[]> {
  try {
    return await fs.readdir(directory)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
