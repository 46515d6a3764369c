import { hasCode, type FileSystem } from '@holdfast/fs'

/** Whether there is anything at `path`. @throws the system's error but for ENOENT. */
export async function nameIsThere(fileSystem: FileSystem, path: string): Promise<boolean> {
  try {
    await fileSystem.lstat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
