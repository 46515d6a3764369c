import type { FileCall } from '@holdfast/fs'

/** The errors that Linux may answer each call with, as far as a file system or a disk is to blame. */
const errors: Readonly<Record<FileCall['method'], readonly string[]>> = {
  open: ['EMFILE', 'EACCES', 'EIO'],
  openDirectory: ['EMFILE', 'EACCES'],
  stat: ['EACCES', 'EIO'],
  lstat: ['EACCES', 'EIO'],
  rename: ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'],
  link: ['ENOSPC', 'EDQUOT', 'EMLINK', 'EPERM', 'EIO'],
  unlink: ['EACCES', 'EROFS', 'EIO'],
  symlink: ['ENOSPC', 'EDQUOT', 'EPERM', 'EIO'],
  readlink: ['EACCES', 'EIO'],
  mkdir: ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'],
  rmdir: ['EACCES', 'EIO'],
  readdir: ['EMFILE', 'EACCES', 'EIO'],
  watch: ['ENOSPC', 'EMFILE'],
  read: ['EIO'],
  write: ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'],
  fstat: ['EIO'],
  fchmod: ['EPERM', 'EROFS', 'EIO'],
  fchown: ['EPERM', 'EIO'],
  ftruncate: ['EFBIG', 'EIO'],
  fsync: ['EIO', 'ENOSPC', 'EDQUOT', 'EINVAL'],
  fdatasync: ['EIO', 'ENOSPC', 'EDQUOT', 'EINVAL'],
  close: ['EIO', 'EDQUOT'],
}

const creating = ['ENOSPC', 'EDQUOT', 'EROFS']

/** The errors that `call` can meet with, by their names. */
export function possibleErrors(call: FileCall): readonly string[] {
  if (call.method === 'open' && call.flags.create !== undefined) {
    return [...errors.open, ...creating]
  }
  return errors[call.method]
}

/** How many of `length` bytes a short write may take, one of each class: none, one, half, all but one. */
export function shortWrites(length: number): number[] {
  return [...new Set([0, 1, Math.floor(length / 2), length - 1])].filter(
    (bytes) => bytes >= 0 && bytes < length,
  )
}
