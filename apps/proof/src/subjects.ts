import { HoldfastError, type Backend } from '@holdfast/core'
import type {
  FileBackendModule,
  JournalBackendModule,
  LockfileBackendModule,
} from './backend-modules.ts'
import { interceptFileSystem, type FileCall, type FileSystem, type Intercept } from '@holdfast/fs'
import type { SimulatedProcess } from '@holdfast/testing'

/** Opens a backend for a simulated process. */
export type OpenSubject = (process: SimulatedProcess) => Promise<Backend>

const directory = '/state'

const harshest = {
  directory,
  compactAfterBytes: 300,
  compactAfterRatio: 0.01,
  keep: 0,
  inlineSnapshotBytes: Number.MAX_SAFE_INTEGER,
}

/** Longer than any owner is stalled. */
const longestWaitMs = 600_000

/** A limit for compaction that no scenario comes to. */
export const neverCompactedBytes = 1_000_000

/** `file:`, with `keep` previous generations. */
export function fileSubject(
  { openFileBackend }: Pick<FileBackendModule, 'openFileBackend'>,
  keep = 1,
): OpenSubject {
  return (process) => openFileBackend({ directory, keep }, process)
}

/**
 * `journal:`, compacted after every few records, and keeping no epoch but the current one: the harshest
 * setting. Snapshots are built on this thread, since a worker would not know the simulated file system.
 */
export function journalSubject(
  { openJournalBackend }: Pick<JournalBackendModule, 'openJournalBackend'>,
  compactAfterBytes = harshest.compactAfterBytes,
): OpenSubject {
  return (process) => openJournalBackend({ ...harshest, compactAfterBytes }, process)
}

/** `lockfile:` on the same journal, shared, or by one owner after another, each of which is waited for. */
export function lockfileSubject(
  { openLockfileBackend }: Pick<LockfileBackendModule, 'openLockfileBackend'>,
  mode: 'shared' | 'exclusive',
): OpenSubject {
  // What a ticket says of its holder has a length, on which the draws of kills depend.
  const holder = { host: 'simulated', command: 'node bot.js' }
  return ({ fileSystem, environment, files, instance }) =>
    openLockfileBackend(
      { ...harshest, mode, wait: longestWaitMs },
      { fileSystem, environment, files, instance, ...holder },
    )
}

/** The same backend, on a file system that does something else than it is asked. */
export function disturbed(
  open: OpenSubject,
  disturbance: (fileSystem: FileSystem) => Intercept,
): OpenSubject {
  return (process) =>
    open(
      withParts(process, {
        fileSystem: interceptFileSystem(process.fileSystem, disturbance(process.fileSystem)),
      }),
    )
}

/**
 * The same backend, for which every wait is over at once: so processes that would leave something to each
 * other, for as long as that does not take too long, do all of it at the same time.
 */
export function impatient(open: OpenSubject): OpenSubject {
  return (process) =>
    open(withParts(process, { files: { ...process.files, sleep: async () => {} } }))
}

/** The same process, but for `parts`. */
function withParts(
  process: SimulatedProcess,
  parts: Partial<Pick<SimulatedProcess, 'fileSystem' | 'files'>>,
): SimulatedProcess {
  const { fileSystem, instance, environment, files } = process
  return Object.assign(Object.create(process), {
    fileSystem,
    instance,
    environment,
    files,
    ...parts,
  })
}

/** How `file:` says that another process came first. */
export function isFileConflict(error: unknown): boolean {
  return HoldfastError.is(error, 'CONFLICT')
}

/** Whether a file may stay when a recovery of `file:` has made its commit. */
export function isFileExpected(path: string): boolean {
  return /^\/state\/[a-z]\.json(?:\.1)?$/.test(path)
}

/**
 * The errors to try at a call. Left out is one that the documents own up to: where symbolic links cannot
 * be made, a lock is a file, and a power cut at the wrong moment leaves one that names nobody.
 */
export function errnosWithLinks(possible: readonly string[], call: FileCall): readonly string[] {
  return call.method === 'symlink' ? possible.filter((name) => name !== 'EPERM') : possible
}
