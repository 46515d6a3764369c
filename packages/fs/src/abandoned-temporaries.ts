import { dirname } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { removeFile } from './remove-file.ts'

/** By file system and directory, the temporaries of this process that could not be removed. */
const abandoned = new WeakMap<FileSystem, Map<string, Set<string>>>()

/**
 * Remembers a temporary that is of no use any more and could not be removed: no sweep takes it while
 * this process lives. Its name is never used again.
 */
export function abandonTemporary(fs: FileSystem, path: string): void {
  const directories = abandoned.get(fs) ?? new Map<string, Set<string>>()
  abandoned.set(fs, directories)
  const paths = directories.get(dirname(path)) ?? new Set<string>()
  directories.set(dirname(path), paths.add(path))
}

/**
 * Tries once more to remove what this process could not remove in `directory`. Never rejects: what
 * still cannot be removed is remembered.
 */
export async function removeAbandoned(fs: FileSystem, directory: string): Promise<void> {
  const directories = abandoned.get(fs)
  const paths = directories?.get(directory)
  if (directories === undefined || paths === undefined) return
  directories.delete(directory)
  for (const path of paths) {
    try {
      await removeFile(fs, path, {})
    } catch {
      abandonTemporary(fs, path)
    }
  }
}
