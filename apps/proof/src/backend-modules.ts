/** What the package exports, be it as it is or with a bug put in. */
export type FileBackendModule = typeof import('@holdfast/file')
/** Likewise. */
export type JournalBackendModule = typeof import('@holdfast/journal')
/** Likewise. */
export type LockfileBackendModule = typeof import('@holdfast/lockfile')
