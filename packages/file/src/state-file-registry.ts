import { hasCode, type FileSystem } from '@holdfast/fs'
import type { FileContext } from './file-context.ts'
import { FileTarget } from './file-target.ts'
import { StateFile } from './state-file.ts'

/** A share in a StateFile. */
export interface StateFileLease {
  readonly file: StateFile
  /** Gives the share back; with the last one the file's directory is closed. */
  release(): Promise<void>
}

const leases = new WeakMap<FileSystem, Map<StateFile, number>>()

/**
 * The StateFile of `path`, absolute and free of links: one for all handles of this process on the same
 * file, told by the directory's device and inode and the file's name, and by the path as long as the
 * directory does not exist.
 */
export async function leaseStateFile(context: FileContext, path: string): Promise<StateFileLease> {
  const target = new FileTarget(path)
  const directoryKey = await keyOf(context.fileSystem, target.directory)
  const open = leases.get(context.fileSystem) ?? new Map<StateFile, number>()
  leases.set(context.fileSystem, open)
  let file = [...open.keys()].find((other) => isSame(other, target, directoryKey))
  file ??= new StateFile(target, context, directoryKey)
  file.directoryKey ??= directoryKey
  open.set(file, (open.get(file) ?? 0) + 1)
  return { file, release: () => release(open, file) }
}

async function release(open: Map<StateFile, number>, file: StateFile): Promise<void> {
  const left = (open.get(file) ?? 1) - 1
  if (left > 0) {
    open.set(file, left)
    return
  }
  open.delete(file)
  await file.close()
}

function isSame(other: StateFile, target: FileTarget, directoryKey: string | null): boolean {
  if (other.target.base !== target.base) return false
  if (other.directoryKey !== null && directoryKey !== null)
    return other.directoryKey === directoryKey
  return other.target.path === target.path
}

async function keyOf(fileSystem: FileSystem, directory: string): Promise<string | null> {
  try {
    const { dev, ino } = await fileSystem.stat(directory)
    return `${dev}:${ino}`
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  }
}
