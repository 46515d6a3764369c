import { openDirectory } from './directory.ts'
import type { AchievedDurability } from './directory.ts'
import type { FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import type { RetryBudget } from './with-retries.ts'

/**
 * Makes the entries of the directory at `path` durable, once. Resolves with `process` where it cannot
 * be synced, as `Directory.sync` does; who syncs it again and again keeps a Directory open instead.
 * @throws the system's error where the directory cannot be opened, or its sync failed; AbortError.
 */
export async function syncDirectory(
  fs: FileSystem,
  path: string,
  retry: RetryBudget = {},
): Promise<AchievedDurability> {
  const directory = await openDirectory(fs, path, retry)
  let achieved: AchievedDurability
  try {
    achieved = await directory.sync()
  } catch (error) {
    await quietly(() => directory.close())
    throw error
  }
  await directory.close()
  return achieved
}
