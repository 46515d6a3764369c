import type { Disk } from './disk.ts'
import { rootNumber } from './disk-image.ts'
import type { Inode } from './inode.ts'
import { systemError } from './system-error.ts'

/** Where a path leads: a name in a directory, and what has it. */
export interface PathEnd {
  readonly directory: Inode
  readonly name: string
  /** Null where nothing has that name. */
  readonly inode: Inode | null
}

/** The call that asks, for its errors. */
export interface Asking {
  readonly syscall: string
  readonly path: string
  readonly destination?: string
}

const mostLinks = 40
const mostNameBytes = 255

/**
 * Follows `path` as the kernel does (path_resolution(7)); the last component only if `isFollowing`.
 * @throws ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG.
 */
export function walk(disk: Disk, path: string, isFollowing: boolean, asking: Asking): PathEnd {
  const fail = (code: string) => systemError(code, asking.syscall, asking.path, asking.destination)
  if (!path.startsWith('/')) throw new TypeError(`${JSON.stringify(path)} is not absolute`)
  const root = disk.inode(rootNumber)
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  let end: PathEnd = { directory: root, name: '', inode: root }
  for (let links = 0; names.length > 0;) {
    const name = names.shift() ?? ''
    const directory = end.inode
    if (directory === null) throw fail('ENOENT')
    if (directory.node.kind !== 'directory') throw fail('ENOTDIR')
    if (Buffer.byteLength(name) > mostNameBytes) throw fail('ENAMETOOLONG')
    const number = name === '..' ? directory.parent : directory.node.entries.get(name)
    const inode = number === undefined ? null : disk.inode(number)
    end = { directory, name, inode }
    if (inode?.node.kind !== 'symlink' || (names.length === 0 && !isFollowing)) continue
    links += 1
    if (links > mostLinks) throw fail('ELOOP')
    const { target } = inode.node
    names.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'))
    const start = target.startsWith('/') ? root : directory
    end = { directory: start, name: '', inode: start }
  }
  if (path.endsWith('/') && end.inode !== null && end.inode.node.kind !== 'directory') {
    throw fail('ENOTDIR')
  }
  return end
}
