import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Every file in a folder, with its bytes and when it was written. */
export async function folderContents(directory: string): Promise<Record<string, unknown>> {
  const names = await readdir(directory)
  const entries = names.map(async (name) => {
    const file = join(directory, name)
    const { mtimeMs } = await stat(file)
    return [name, [mtimeMs, await readFile(file, 'latin1')]] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
