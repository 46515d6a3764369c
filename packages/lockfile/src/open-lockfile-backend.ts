import { HoldfastError, type Backend } from '@holdfast/core'
import { openJournalBackend } from '@holdfast/journal'
import { z } from 'zod'
import { lockContext, type LockContextParts } from './lock-context.ts'
import { LockfileBackend } from './lockfile-backend.ts'
import { lockfileOptions, type LockfileOptions } from './lockfile-options.ts'

/**
 * Opens a directory of journals that many write, none of whom starves, or each of which one has to itself. Creates and
 * writes nothing. A relative directory is taken from where the process is now.
 * @throws HoldfastError `CONFIG` for options that are not as they should be, and for a directory that is
 * none, or that is missing although `createDirectory` is false; `IO` where it cannot be reached.
 */
export async function openLockfileBackend(
  options: LockfileOptions,
  parts: LockContextParts = {},
): Promise<Backend> {
  const checked = lockfileOptions.safeParse(options)
  if (!checked.success) {
    const text = `The options of the lockfile backend are wrong: ${z.prettifyError(checked.error)}`
    throw new HoldfastError('CONFIG', text, { cause: checked.error })
  }
  const { fileMode, mode, wait, stale, ...rest } = checked.data
  const context = lockContext(parts)
  const journal = await openJournalBackend(
    fileMode === undefined ? rest : { ...rest, mode: fileMode },
    context,
  )
  return new LockfileBackend(
    journal,
    { mode, waitMs: wait === false ? 0 : wait, staleMs: stale },
    context,
  )
}
