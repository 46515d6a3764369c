import type { FileStat } from '@holdfast/fs'

/** What tells one published file from every other that is put in its place, or written into it. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: number
  readonly mtimeNs: bigint
}

/** The identity in what `stat` tells. ctime is left out: a hard link made for a backup changes it. */
export function identityOf({ dev, ino, size, mtimeNs }: FileStat): FileIdentity {
  return { dev, ino, size, mtimeNs }
}

/** Whether both are the same file, unchanged; null is "no file". */
export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  if (a === null || b === null) return a === b
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs
}
