import type { FileHandle, FileStat } from './file-system.ts'
import { hasCode } from './system-error.ts'

/** Who owns a file. */
export interface FileOwner {
  readonly uid: number
  readonly gid: number
}

/** What was asked for, where anything was. */
export interface WantedMetadata {
  readonly mode?: number | undefined
  readonly owner?: FileOwner | undefined
}

const permissionBits = 0o7777
const defaultMode = 0o600
const groupBits = 0o070
const setUserId = 0o4000
const setGroupId = 0o2000

/**
 * Gives a new file its owner and mode, by its descriptor: those asked for, else those of `kept`, the
 * file that it will replace, else mode 0o600, exactly. Resolves with what `stat` then tells.
 *
 * An owner taken over from `kept` is a best effort; a group that cannot be kept loses its bits, so
 * that another group does not gain what the old one had. An owner asked for is set, or it throws.
 */
export async function applyMetadata(
  handle: FileHandle,
  stat: FileStat,
  kept: FileStat | null,
  wanted: WantedMetadata,
): Promise<FileStat> {
  const intended = wanted.owner ?? kept ?? stat
  const owner = isSame(intended, stat)
    ? stat
    : await changeOwner(handle, stat, intended, wanted.owner === undefined)
  let mode = (wanted.mode ?? kept?.mode ?? defaultMode) & permissionBits
  if (wanted.mode === undefined) {
    if (owner.gid !== intended.gid) mode &= ~(groupBits | setGroupId)
    if (owner.uid !== intended.uid) mode &= ~setUserId
  }
  // The owner went first: chown clears the set-id bits (chown(2)). The umask has no say in fchmod.
  if (!isSame(owner, stat) || mode !== (stat.mode & permissionBits)) await handle.chmod(mode)
  return { ...stat, mode: (stat.mode & ~permissionBits) | mode, uid: owner.uid, gid: owner.gid }
}

async function changeOwner(
  handle: FileHandle,
  stat: FileStat,
  intended: FileOwner,
  isBestEffort: boolean,
): Promise<FileOwner> {
  try {
    await handle.chown(intended.uid, intended.gid)
    return intended
  } catch (error) {
    if (!isBestEffort || !isRefusal(error)) throw error
  }
  if (intended.gid === stat.gid) return stat
  try {
    // A process may give its file to any group that it is in (chown(2)).
    await handle.chown(stat.uid, intended.gid)
    return { uid: stat.uid, gid: intended.gid }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return stat
  }
}

function isSame(a: FileOwner, b: FileOwner): boolean {
  return a.uid === b.uid && a.gid === b.gid
}

/** Not permitted; or an id that the user namespace or the file system does not have (EINVAL). */
function isRefusal(error: unknown): boolean {
  return hasCode(error, 'EPERM', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')
}
