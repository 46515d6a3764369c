import type { Json } from './json.ts'
import type { Patch } from './patch.ts'

/** Where a sequence stands: 0 = never written; each commit adds one. */
export type Version = number

/** What an acknowledged commit survives: nothing, the death of the process, or a power cut. */
export type Durability = 'none' | 'process' | 'power'

/** Who may write to one state at once without losing an update. */
export type Writers = 'process' | 'machine' | 'network'

/** What a backend promises. The conformance suite holds it to each. */
export interface Capabilities {
  readonly durability: Durability
  readonly writers: Writers
  /** Whether older versions can be read back by `history()`. */
  readonly history: boolean
}

/** One step of the sequence, as a backend keeps it and gives it back. */
export interface Change {
  /** The version that this change builds on. */
  readonly base: Version
  /** Always `base + 1`. */
  readonly version: Version
  /** Unique among all changes of all writers; by it an unknown outcome is settled. */
  readonly id: string
  /** Who made it: `host/pid/random`, one for each open state. */
  readonly writer: string
  /** When it was made: ISO 8601, UTC. */
  readonly at: string
  /** The schema version that the document has after this change. */
  readonly schema: number
  /**
   * The step itself, in stored form. On version 0 it starts from nothing (`add` at the empty path),
   * unless `load` gave a snapshot of version 0.
   */
  readonly patches: readonly Patch[]
}

/** A change on its way into a backend. */
export interface PendingChange extends Change {
  /**
   * The whole document after this change as JSON text, made when asked for. May be called any
   * number of times until the commit settles.
   * @param indent Spaces per level; 0 (default) for one line.
   * @param depth Levels of indentation that stand before every line but the first, for a document
   * that is put into a larger one; 0 when left out.
   */
  document(indent?: number, depth?: number): string
}

/** The document at one version, with its envelope. */
export interface Snapshot {
  /** 0 when the document was found without an envelope (an older program's plain file). */
  readonly version: Version
  /** The schema version it was written under; 0 when it was found without an envelope. */
  readonly schema: number
  readonly data: Json
  /** ISO 8601, or null where it is not known. */
  readonly at: string | null
  /** The `writer` of the change that made this version, or null where it is not known. */
  readonly writer: string | null
  /** Set when a damaged newest document was passed over for this older one. */
  readonly recovery?: Recovery
}

/** What `onCorrupt: 'previous'` did at load. */
export interface Recovery {
  /** How many generations older than the newest the loaded document is; 1 = the one before. */
  readonly generation: number
  /** How old the loaded document is, in milliseconds, or null where it is not known. */
  readonly ageMs: number | null
  /** What was wrong with each newer one, newest first. */
  readonly reason: string
  /** The version that was lost, or null where the damage hides it. */
  readonly lostVersion: Version | null
}

/** What every call to a backend may be given. */
export interface CallOptions {
  /** Ends the call early with the signal's reason, as long as nothing was committed by it. */
  readonly signal?: AbortSignal
}

/** How `Sequence.load` reads. */
export interface LoadOptions extends CallOptions {
  /**
   * What to do when the newest document is damaged. `error` (default) throws `CORRUPT`; `previous`
   * loads the newest older generation that verifies, and says so in `recovery`; with none it throws
   * `CORRUPT` all the same. Neither writes anything: the damaged bytes are set aside by the first
   * commit that would otherwise overwrite them.
   */
  readonly onCorrupt?: 'error' | 'previous'
}

/** A conflict is a value: another change follows the base already. */
export type CommitResult =
  | { readonly committed: true }
  | { readonly committed: false; readonly newest: Version }

/** A place where states are kept: a directory, a database, a memory. */
export interface Backend extends AsyncDisposable {
  readonly capabilities: Capabilities
  /** Where this is, for people: an absolute path, a URL without secrets. */
  readonly location: string
  /**
   * Opens one state's sequence. Creates nothing.
   * @throws HoldfastError `INVALID` for a name that this backend cannot keep, `CLOSED`.
   */
  open(name: string, options?: CallOptions): Promise<Sequence>
  /** The names of the states that were ever written and not removed, in no order. */
  list(options?: CallOptions): AsyncIterable<string>
  /** Removes a state with all it kept. Removing what does not exist does nothing. */
  remove(name: string, options?: CallOptions): Promise<void>
  /** Closes every open sequence and releases what is held. Idempotent. */
  close(): Promise<void>
}

/**
 * One state's changes, in order. Exactly one change can follow each version: that sentence is true
 * here or nowhere. Every method throws `CLOSED` after `close()`; everything else that fails throws a
 * HoldfastError, with `committed` set where it comes out of `commit`.
 */
export interface Sequence extends AsyncDisposable {
  /** Where this state is kept, for people. */
  readonly location: string
  /**
   * The `writer` that changes committed here have to have; left out where any will do. A backend that
   * gives a state one owner knows its writers by name.
   */
  readonly writer?: string
  /**
   * Aborted, with a HoldfastError `OWNERSHIP_LOST` as its reason, as soon as it is known that nothing can
   * be committed here any more, since another writer has taken the state over. Left out where that
   * cannot happen.
   */
  readonly signal?: AbortSignal
  /**
   * The newest document with its envelope, or null when nothing was ever written. Only "not found"
   * is null: unreadable is `IO`, damaged is `CORRUPT`. Never writes.
   */
  load(options?: LoadOptions): Promise<Snapshot | null>
  /**
   * Makes `change` the one that follows `change.base`, durably, or reports that another one does.
   * A backend that cannot tell throws `OUTCOME_UNKNOWN`.
   */
  commit(change: PendingChange): Promise<CommitResult>
  /**
   * What follows `since`, oldest first: changes where they are still kept (none when `since` is the
   * newest), else the newest snapshot. Linearizable: it includes every commit acknowledged before.
   */
  read(since: Version): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }>
  /**
   * What follows `since`, up to the newest version that this sequence knows of, oldest first; null where
   * that is nothing, or not at hand without reading. It need not survive a power cut yet: a change may be
   * built on it, but neither it nor what was made of it is told to anybody before a `commit` here has
   * committed, or a `read` has resolved. Optional.
   */
  peek?(since: Version): readonly Change[] | null
  /** Calls `listener` when something may have changed. May be spurious, may coalesce. */
  onHint(listener: () => void): Disposable
  /** Runs `work` in this writer's turn. Optional; correctness never depends on it. */
  inTurn?<R>(work: () => Promise<R>): Promise<R>
  /**
   * What is kept of the past, newest first.
   * @throws HoldfastError `UNSUPPORTED` when `capabilities.history` is false.
   */
  history(): AsyncIterable<Change | Snapshot>
  close(): Promise<void>
}
