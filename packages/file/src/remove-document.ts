import { hasCode, openDirectory } from '@holdfast/fs'
import { acquireLock, releaseLock } from './acquire-lock.ts'
import { systemFailure } from './file-error.ts'
import { subjectOf } from './look.ts'
import { syncDirectory } from './open-directory.ts'
import { statFile } from './read-document.ts'
import type { Handle, StateFile } from './state-file.ts'

/**
 * Removes the state's file and its generations, durably; what was set aside as damaged stays. Does
 * nothing where there is neither. The generations go first, so that a crash in the middle leaves
 * the state whole, or gone, and never a file that is missing beside its older generations.
 */
export async function removeDocument(file: StateFile, handle: Handle): Promise<void> {
  try {
    await remove(file, handle)
  } catch (error) {
    throw systemFailure(error, subjectOf(file, handle), 'could not be removed')
  }
}

async function remove(file: StateFile, handle: Handle): Promise<void> {
  const { context, target, generations } = file
  const { fileSystem } = context
  generations.forget()
  const numbers = await generations.list()
  if (numbers.length === 0 && (await statFile(fileSystem, target.path)) === null) {
    forget(file, handle)
    return
  }
  await using directory = await openDirectory(fileSystem, target.directory, {
    environment: context.files,
  })
  const isPower = handle.options.durability === 'power'
  const lock = await acquireLock(file, handle)
  try {
    if (numbers.length > 0) {
      await generations.prune(0, null)
      if (isPower) await syncDirectory(file, handle, directory)
    }
    await unlink(file)
  } catch (error) {
    await releaseLock(file, lock).catch(() => null) // the first error tells what happened
    throw error
  }
  forget(file, handle)
  await releaseLock(file, lock)
  if (isPower) await syncDirectory(file, handle, directory)
}

async function unlink({ context, target }: StateFile): Promise<void> {
  try {
    await context.fileSystem.unlink(target.path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

/** From here on every handle finds a state that was never written. */
function forget(file: StateFile, handle: Handle): void {
  file.take(handle, {
    content: 'absent',
    identity: null,
    fingerprint: null,
    version: 0,
    schema: 0,
    savedAt: null,
    writer: null,
    damaged: [],
  })
}
