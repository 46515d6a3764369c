import { hasCode, readWhole, type FileStat, type FileSystem } from '@holdfast/fs'
import type { FileContext } from './file-context.ts'
import { identityOf, type FileIdentity } from './file-identity.ts'
import { fingerprintOf } from './fingerprint.ts'
import { inspectDocument, type Inspection } from './inspect-document.ts'

/** A file as it was read. */
export interface FoundDocument {
  readonly path: string
  /** Taken before the reading: a file that changes meanwhile no longer fits it. */
  readonly identity: FileIdentity
  readonly modifiedMs: number
  readonly inspection: Inspection
  readonly fingerprint: string
}

/** Something in the file's place that is no file. */
export class NotAFileError extends Error {
  /** What the system would say to whoever tried. */
  readonly code: 'EISDIR' | 'EINVAL'

  constructor(path: string, kind: FileStat['kind']) {
    const what = kind === 'other' ? 'a FIFO, a socket or a device' : `a ${kind}`
    super(`${path} is ${what}, where a regular file is needed`)
    this.name = 'NotAFileError'
    this.code = kind === 'directory' ? 'EISDIR' : 'EINVAL'
  }
}

/**
 * Reads and judges the document of the state `name` at `path`; null only where nothing is there.
 * @throws NotAFileError, before anything is opened; the system's error where it cannot be read.
 */
export async function readDocument(
  { fileSystem, files }: FileContext,
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<FoundDocument | null> {
  const stat = await statFile(fileSystem, path)
  if (stat === null) return null
  const bytes = await readWhole(fileSystem, path, { signal, environment: files })
  if (bytes === null) return null
  const inspection = inspectDocument(bytes, name)
  return {
    path,
    identity: identityOf(stat),
    modifiedMs: Number(stat.mtimeNs / 1_000_000n),
    inspection,
    fingerprint: fingerprintOf(bytes, inspection.kind === 'envelope' ? inspection : null),
  }
}

/**
 * The stat of the regular file at `path`, through a link if it is one (`symlinks: 'replace'` leaves
 * links in place until the first commit), or null where nothing is there.
 * @throws NotAFileError; the system's error.
 */
export async function statFile(fileSystem: FileSystem, path: string): Promise<FileStat | null> {
  let stat: FileStat
  try {
    stat = await fileSystem.lstat(path)
    if (stat.kind === 'symlink') stat = await fileSystem.stat(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
  if (stat.kind !== 'file') throw new NotAFileError(path, stat.kind)
  return stat
}
