import * as node from 'node:fs'
import type { FileSystem, OpenFlags } from './file-system.ts'
import { NodeFileHandle } from './node-file-handle.ts'
import { fileStat } from './node-file-stat.ts'

/**
 * The real file system. Calls that take microseconds (open, stat, rename, small writes) are made on
 * the calling thread, because a round trip to the thread pool costs several times the call itself;
 * what waits for a disk (every sync, reads and writes above 256 KiB) goes through the pool.
 */
export const nodeFileSystem: FileSystem = {
  platform: process.platform,
  open(path, flags) {
    const descriptor = node.openSync(path, openFlags(flags), flags.mode ?? 0o600)
    return new NodeFileHandle(descriptor, flags)
  },
  openDirectory(path) {
    const flags = node.constants.O_RDONLY | (node.constants.O_DIRECTORY ?? 0)
    return new NodeFileHandle(node.openSync(path, flags))
  },
  stat: (path) => fileStat(node.statSync(path, { bigint: true })),
  lstat: (path) => fileStat(node.lstatSync(path, { bigint: true })),
  lstatIfThere(path) {
    const stats = node.lstatSync(path, { bigint: true, throwIfNoEntry: false })
    return stats === undefined ? null : fileStat(stats)
  },
  rename: (from, to) => node.renameSync(from, to),
  link: (from, to) => node.linkSync(from, to),
  unlink: (path) => node.unlinkSync(path),
  symlink: (target, path) => node.symlinkSync(target, path),
  readlink: (path) => node.readlinkSync(path),
  mkdir(path, mode) {
    node.mkdirSync(path, { mode })
  },
  rmdir: (path) => node.rmdirSync(path),
  readdir: (path) => node.promises.readdir(path),
  watch(path, listener) {
    const watcher = node.watch(path, { persistent: false }, () => listener())
    watcher.unref()
    // A watcher that fails has ended; that is one more thing that may have changed.
    watcher.on('error', () => listener())
    return { [Symbol.dispose]: () => watcher.close() }
  },
}

const { constants } = node
const access = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY,
  readwrite: constants.O_RDWR,
}
const creation = {
  ifMissing: constants.O_CREAT,
  exclusive: constants.O_CREAT | constants.O_EXCL,
}

/**
 * O_NONBLOCK means nothing to a regular file, and keeps the open of a FIFO from waiting for its
 * other end, which would stop the thread for good (open(2)). Windows has none of the last three.
 */
function openFlags(flags: OpenFlags): number {
  return (
    access[flags.access] |
    (flags.create === undefined ? 0 : creation[flags.create]) |
    (flags.append ? constants.O_APPEND : 0) |
    (flags.noFollow ? (constants.O_NOFOLLOW ?? 0) : 0) |
    (constants.O_NONBLOCK ?? 0)
  )
}
