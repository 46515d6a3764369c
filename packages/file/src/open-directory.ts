import { dirname } from 'node:path'
import { channel } from 'node:diagnostics_channel'
import {
  acquireCommitLock,
  ensureDirectory,
  hasCode,
  openDirectory,
  sweepTemporaries,
  type Directory,
} from '@holdfast/fs'
import { unsupportedSyncError } from './file-error.ts'
import { subjectOf } from './look.ts'
import type { Handle, StateFile } from './state-file.ts'

const swept = channel('holdfast:sweep')

/**
 * The state's directory, open for syncing. The first commit creates it where that is allowed, makes
 * sure that it can be synced before anything depends on it, and removes what crashed writers left;
 * later ones find it open, and verify that it is still the one at its path.
 * @throws DirectoryMovedError, after which the next commit opens the new one; HoldfastError
 * `UNSUPPORTED` where power cuts cannot be survived here; the system's error.
 */
export async function openStateDirectory(file: StateFile, handle: Handle): Promise<Directory> {
  const open = file.directory
  if (open !== null) {
    try {
      await open.verify()
      return open
    } catch (error) {
      file.directory = null
      file.generations.forget()
      await open.close()
      throw error
    }
  }
  const { fileSystem, files: environment } = file.context
  const path = file.target.directory
  const isPower = handle.options.durability === 'power'
  if (handle.options.createDirectory) {
    const { durability } = await ensureDirectory(fileSystem, path, {
      mode: 0o700,
      durable: isPower,
      environment,
    })
    if (isPower && durability !== 'power') requireSync(file, handle, dirname(path))
  }
  const directory = await openDirectory(fileSystem, path, { environment })
  try {
    if (isPower) await syncDirectory(file, handle, directory)
    const { dev, ino } = await fileSystem.stat(path)
    file.directoryKey = `${dev}:${ino}`
    await sweep(file)
  } catch (error) {
    await directory.close().catch(() => null) // the first error is the one that tells what happened
    throw error
  }
  file.directory = directory
  return directory
}

/** @throws HoldfastError `UNSUPPORTED` where the directory cannot be synced; the system's error. */
export async function syncDirectory(
  file: StateFile,
  handle: Handle,
  directory: Directory,
): Promise<void> {
  if ((await directory.sync()) !== 'power') requireSync(file, handle, directory.path)
}

/** Windows cannot sync a directory: the one documented exception (README, "What it guarantees"). */
function requireSync(file: StateFile, handle: Handle, path: string): void {
  if (file.context.fileSystem.platform === 'win32') return
  throw unsupportedSyncError(subjectOf(file, handle), path)
}

/**
 * Temporaries go when their writer is provably gone. A breaker's lock that outlived its breaker goes
 * by being taken over and released: the one way in which no live one can be hit.
 */
async function sweep({ context, target }: StateFile): Promise<void> {
  const { fileSystem, instance, files } = context
  const result = await sweepTemporaries(fileSystem, target.path, instance, files)
  if (result.removed.length + result.failed.length > 0) {
    swept.publish({ path: target.path, ...result })
  }
  for (const path of target.breakersIn(await fileSystem.readdir(target.directory))) {
    try {
      const lock = await acquireCommitLock(fileSystem, path, instance, files)
      if (lock.acquired) await lock.release()
    } catch (error) {
      // Its breaker's own breaker has a longer name, which may not be possible; it harms nobody.
      if (!hasCode(error, 'ENAMETOOLONG')) throw error
    }
  }
}
