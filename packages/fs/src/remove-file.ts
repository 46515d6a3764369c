import type { FileSystem } from './file-system.ts'
import { hasCode } from './system-error.ts'
import { isTransientUse } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

/** Removes a file of ours; that it is gone already is no error. An abort does not stop it. */
export async function removeFile(
  fs: FileSystem,
  path: string,
  { budgetMs, environment }: RetryBudget,
): Promise<void> {
  try {
    await withRetries(() => fs.unlink(path), {
      budgetMs,
      environment,
      path,
      syscall: 'unlink',
      isTransient: (error) => isTransientUse(fs.platform, error),
    })
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}
