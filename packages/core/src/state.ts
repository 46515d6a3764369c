import type { z } from 'zod'
import type { Change, Recovery, Snapshot, Version } from './backend.ts'
import type {
  Effect,
  EffectDefinition,
  PendingIntent,
  RecoveredIntent,
  RecoverOptions,
} from './effects/effect.ts'
import type { Patch } from './patch.ts'

/** `T` with every property, at any depth, read-only. */
export type DeepReadonly<T> = T extends
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | ((...args: never[]) => unknown)
  ? T
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T

/** A recipe that returns a promise does not type-check: what it does after `await` would be lost. */
export type Synchronous<R> = R extends PromiseLike<unknown> ? never : R

/** How one update is made. */
export interface UpdateOptions {
  /** Takes the update back and rejects with the signal's reason, unless its commit has begun. */
  readonly signal?: AbortSignal
}

/** What a subscriber is told: one commit. */
export interface StateChange {
  /** The version after it. */
  readonly version: Version
  /**
   * What it did, in stored form; one `replace` of the whole document where the steps are gone. A leaf
   * that updates which were committed together replaced again and again is told once.
   */
  readonly patches: readonly Patch[]
  /** Whether this open state made it. */
  readonly origin: 'own' | 'foreign'
}

/** Which part of the sequence `changes()` gives. */
export interface ChangesOptions {
  /** The version after which to begin; the current one when left out. */
  readonly since?: Version
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal
}

/** One open state: a typed document in memory, and the sequence of changes behind it. */
export interface State<T> extends AsyncDisposable {
  readonly name: string
  /** Where it is kept, for people. */
  readonly location: string
  /**
   * The current document; includes this process's updates that are still being committed. It is the
   * live document, not a copy: it changes with the next update.
   */
  readonly value: DeepReadonly<T>
  /** The version of the last commit known here. */
  readonly version: Version
  readonly schemaVersion: number
  /** What `onCorrupt: 'previous'` did when this state was opened; undefined when nothing was amiss. */
  readonly recovery: Recovery | undefined
  /**
   * Aborted, with a HoldfastError `OWNERSHIP_LOST` as its reason, as soon as it is known that another
   * process has taken this state over: whatever acts on its strength has to stop. Never aborted by a
   * backend that gives states no owner.
   */
  readonly signal: AbortSignal
  /**
   * Runs `recipe` on a draft at once and commits what it changed; resolves with what it returned when
   * that is durable. The recipe is synchronous and may run again (after a conflict, or when an
   * earlier commit failed). One that throws changes nothing and rejects with its own error.
   * @throws HoldfastError `INVALID` (the schema refuses the result; nothing changed), `CONFLICT`,
   * `OUTCOME_UNKNOWN`, `NO_SPACE`, `IO`, `OWNERSHIP_LOST`, `CLOSED`.
   */
  update<R>(recipe: (draft: T) => Synchronous<R>, options?: UpdateOptions): Promise<R>
  /** Puts `next` in the place of the whole document, as one update. */
  replace(next: T, options?: UpdateOptions): Promise<void>
  /**
   * Defines something that is done to the outside world under a recorded intent, so that a crash
   * neither loses nor doubles it. Define every effect that this state ever had, then `recover()`, then
   * call.
   * @throws HoldfastError `CONFIG` for a name that is none or was defined before, options out of range
   * or a schema that cannot be used; `CLOSED`.
   */
  effect<Input extends z.ZodType, Result extends z.ZodType>(
    name: string,
    definition: EffectDefinition<T, Input, Result>,
  ): Effect<Input, Result>
  /**
   * Brings the intents that are open to their end: each is asked for (`find`), and settled, or run
   * again under its key, or left open when there is no answer. Call it before new effects; where
   * several processes write the state, in one of them. Resolves with what came of each.
   * @throws HoldfastError as `refresh`; the signal's reason. What one intent fails with is in its row.
   */
  recover(options?: RecoverOptions): Promise<RecoveredIntent[]>
  /** The intents that are not settled, of this and other processes, as far as known here. */
  pending(): PendingIntent[]
  /** Takes in what other writers committed; resolves with the version. */
  refresh(): Promise<Version>
  /** Resolves when every update begun so far is durable or has failed. Never rejects. */
  settled(): Promise<void>
  /** Calls `listener` after each commit, in order; returns the function that ends it. */
  subscribe(listener: (change: StateChange) => void): () => void
  /** The sequence from `since` on, live, each version once and in order. */
  changes(options?: ChangesOptions): AsyncIterableIterator<StateChange>
  /** What the backend keeps of the past, newest first, in stored form. */
  history(): AsyncIterable<Change | Snapshot>
  /**
   * Waits for what is under way and refuses what comes after with `CLOSED`. Effects that were sent are
   * waited for, at most as long as their `timeoutMs`, and recorded; those that wait for others are
   * refused. Idempotent.
   */
  close(): Promise<void>
}
