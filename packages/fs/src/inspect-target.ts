import type { FileStat, FileSystem } from './file-system.ts'
import { hasCode, systemError } from './system-error.ts'

/**
 * What stands at `target`, links not followed, or null where nothing does.
 * @throws EISDIR for a directory, EINVAL for a FIFO, socket or device: a file must not replace them.
 */
export async function inspectTarget(fs: FileSystem, target: string): Promise<FileStat | null> {
  let stat: FileStat
  try {
    stat = await fs.lstat(target)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
  if (stat.kind === 'directory') throw directoryInPlace(target)
  if (stat.kind === 'other') throw systemError('EINVAL', 'open', target, notReplaced)
  return stat
}

const notReplaced = 'the target is a FIFO, socket or device, which a file must not replace'

/** The error for a target that is, or can only be, a directory. */
export function directoryInPlace(path: string): NodeJS.ErrnoException {
  return systemError('EISDIR', 'open', path, 'the target is a directory, and a file is needed')
}
