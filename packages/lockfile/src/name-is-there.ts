import type { FileSystem } from '@holdfast/fs'

/** Whether there is anything at `path`. @throws the system's error. */
export async function nameIsThere(fileSystem: FileSystem, path: string): Promise<boolean> {
  return (await fileSystem.lstatIfThere(path)) !== null
}
