import type { FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { readWhole } from './read-whole.ts'
import { codeOf, hasCode } from './system-error.ts'
import { writeAll } from './write-all.ts'

/**
 * Creates a lock that says `content`, or reports that there is one already. A symbolic link is made
 * and filled in one step (symlink(2)), so no lock without its owner is ever seen. Where links cannot
 * be made, a file is; a crash between its creation and its filling leaves a lock of no owner.
 */
export async function createLockFile(
  fs: FileSystem,
  path: string,
  content: string,
): Promise<boolean> {
  try {
    await fs.symlink(content, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!hasCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')) throw error
  }
  return createAsFile(fs, path, content)
}

/** What the lock at `path` says, or null where there is none. */
export async function readLockFile(fs: FileSystem, path: string): Promise<string | null> {
  try {
    return await fs.readlink(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    // Not a link: EINVAL by readlink(2), and UNKNOWN by Windows. Anything else tells nothing of the lock.
    if (codeOf(error) !== 'UNKNOWN' && !hasCode(error, 'EINVAL')) throw error
    const bytes = await readWhole(fs, path)
    return bytes === null ? null : Buffer.from(bytes).toString('utf8')
  }
}

async function createAsFile(fs: FileSystem, path: string, content: string): Promise<boolean> {
  const flags = { access: 'write', create: 'exclusive', noFollow: true, mode: 0o600 } as const
  let handle
  try {
    handle = await fs.open(path, flags)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    await writeAll(handle, path, Buffer.from(content), 0, undefined)
  } catch (error) {
    await quietly(() => handle.close())
    await quietly(() => fs.unlink(path))
    throw error
  }
  await handle.close()
  return true
}
