import type { AchievedDurability } from './directory.ts'
import type { FileEnvironment } from './environment.ts'
import type { FileOwner } from './file-metadata.ts'
import type { FileSystem } from './file-system.ts'
import type { Symlinks } from './resolve-target.ts'

/** How a file is replaced. */
export interface WriteFileOptions {
  /**
   * Permission bits, exactly these whatever the umask is. Left out, the target's own are kept, and a
   * new file gets 0o600.
   */
  readonly mode?: number
  /** Left out, the target's owner is kept as far as this process may; given, it must succeed. */
  readonly owner?: FileOwner
  /** What the write survives once the promise resolves: `power` (default) or `process`. */
  readonly durability?: AchievedDurability
  /** Ends the write as long as its rename has not begun; afterwards it is ignored. */
  readonly signal?: AbortSignal
  /** What a link in the target's place means; `follow` when left out. */
  readonly symlinks?: Symlinks
  /** Whether missing directories above the target are created, with mode 0o700; true when left out. */
  readonly createDirectories?: boolean
  /** How long passing errors are borne; 10 s when left out. */
  readonly retryBudgetMs?: number
  /** The real file system when left out. */
  readonly fs?: FileSystem
  /** Parts of the clock, the randomness and the temporary names to use instead of the real ones. */
  readonly environment?: Partial<FileEnvironment>
}

/** @throws TypeError for an option that means nothing: it must not pass for its default. */
export function checkOptions(options: WriteFileOptions): void {
  const { mode, durability = 'power', symlinks = 'follow', retryBudgetMs = 0 } = options
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777)) {
    throw new TypeError(`mode must be a whole number from 0 to 0o7777, not ${mode}`)
  }
  if (!['power', 'process'].includes(durability)) {
    throw new TypeError(`durability must be 'power' or 'process', not '${durability}'`)
  }
  if (!['follow', 'replace', 'reject'].includes(symlinks)) {
    throw new TypeError(`symlinks must be 'follow', 'replace' or 'reject', not '${symlinks}'`)
  }
  if (!(retryBudgetMs >= 0)) {
    throw new TypeError(`retryBudgetMs must be a number from 0, not ${retryBudgetMs}`)
  }
}
