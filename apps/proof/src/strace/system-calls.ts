/**
 * The system calls that Holdfast's file calls become on Linux, and the errors that are injected into
 * each: one for every kind that its manual page names and that a disk, a quota or a mount can give.
 * Not among them is EINTR: libuv calls again, and nothing of it is ever seen.
 */
export const faultsOf: Readonly<Record<string, readonly string[]>> = {
  openat: ['EACCES', 'EIO', 'EMFILE', 'ENOSPC', 'EROFS'],
  statx: ['EACCES', 'EIO'],
  read: ['EIO'],
  pread64: ['EIO'],
  write: ['EIO', 'ENOSPC', 'EDQUOT'],
  pwrite64: ['EIO', 'ENOSPC', 'EDQUOT'],
  ftruncate: ['EIO'],
  fsync: ['EIO', 'ENOSPC', 'EDQUOT'],
  fdatasync: ['EIO', 'ENOSPC', 'EDQUOT'],
  close: ['EIO'],
  rename: ['EACCES', 'EIO', 'ENOSPC', 'EROFS'],
  link: ['EIO', 'ENOSPC', 'EMLINK', 'EDQUOT'],
  unlink: ['EACCES', 'EIO'],
  symlink: ['EIO', 'ENOSPC', 'EACCES'],
  readlink: ['EIO', 'EACCES'],
  mkdir: ['EIO', 'ENOSPC', 'EACCES'],
  rmdir: ['EIO', 'EACCES'],
  getdents64: ['EIO'],
  fchmod: ['EIO', 'EPERM'],
  fchown: ['EIO', 'EPERM'],
  utimensat: ['EIO', 'EACCES'],
}

/** All of them. */
export const tracedSystemCalls: readonly string[] = Object.keys(faultsOf)
