import { hasCode, readWhole, stageFile } from '@holdfast/fs'
import type { FileContext } from './file-context.ts'
import type { FileTarget } from './file-target.ts'

/**
 * Makes the content of the file `source`, beside `target`, also stand under the new name
 * `destination`: by a hard link, or, where those cannot be made, by a copy that is as durable.
 * @throws EEXIST where `destination` exists and a link was made; the system's error.
 */
export async function keepCopy(
  { fileSystem, files }: FileContext,
  target: FileTarget,
  source: string,
  destination: string,
  durability: 'power' | 'process',
): Promise<void> {
  const stat = await fileSystem.lstat(source)
  // link(2) would make another name for a symbolic link, not for the file behind it.
  if (stat.kind === 'file') {
    try {
      await fileSystem.link(source, destination)
      return
    } catch (error) {
      if (!cannotLink(error)) throw error
    }
  }
  const bytes = await readWhole(fileSystem, source, { environment: files })
  if (bytes === null) throw new Error(`${source} is gone`)
  // Named for the target, so that a crash leaves a temporary that the next commit's sweep knows.
  const temporaryName = (): string => files.temporaryName(target.base)
  const staged = await stageFile(fileSystem, destination, bytes, {
    durability,
    mode: (await fileSystem.stat(source)).mode & 0o7777,
    environment: { ...files, temporaryName },
  })
  await staged.publish()
}

/** Whether a hard link cannot be made here: FAT, many network file systems, another owner's file (proc_sys_fs(5), protected_hardlinks). */
export function cannotLink(error: unknown): boolean {
  return hasCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EXDEV')
}
