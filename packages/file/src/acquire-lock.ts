import { acquireCommitLock, type CommitLock } from '@holdfast/fs'
import { lockHeldError } from './file-error.ts'
import { subjectOf } from './look.ts'
import type { Handle, StateFile } from './state-file.ts'

/**
 * The lock beside the state's file, under which alone it is replaced or removed. First gives back the
 * one that this process could not release before, which would keep it out for ever.
 * @throws HoldfastError `CONFLICT` where another process holds it; the system's error.
 */
export async function acquireLock(file: StateFile, handle: Handle): Promise<CommitLock> {
  const { fileSystem, instance, files } = file.context
  if (file.unreleased !== null) {
    await file.unreleased.release()
    file.unreleased = null
  }
  const lock = await acquireCommitLock(fileSystem, file.target.lock, instance, files)
  if (!lock.acquired) throw lockHeldError(subjectOf(file, handle), lock.owner)
  return lock
}

/**
 * Gives the lock back.
 * @throws the system's error, after which the next `acquireLock` tries again; an error where the lock
 * was gone already, so that another process may have been let in.
 */
export async function releaseLock(file: StateFile, lock: CommitLock): Promise<void> {
  file.unreleased = lock
  if (!(await lock.release())) {
    throw new Error(`another program removed ${file.target.lock} while it was held`)
  }
  file.unreleased = null
}
