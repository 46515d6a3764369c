import type { z } from 'zod'
import type { Capabilities } from './backend.ts'
import type { State } from './state.ts'

/** A step of a migration: takes the stored document of one schema version, gives the next one's. */
// oxlint-disable-next-line typescript/no-explicit-any -- an older document has no type any more
export type Migration = (document: any) => unknown

/** What a state is: its schema, its beginning, its way from older schema versions. */
export interface OpenOptions<Schema extends z.ZodType> {
  /** What the document is; codecs are honoured leaf by leaf. */
  readonly schema: Schema
  /** The schema version of `schema`; 1 when left out. */
  readonly version?: number
  /** The document of a state that was never written. */
  readonly initial: () => z.output<Schema>
  /**
   * Steps from older schema versions, keyed by the version that each produces. Step 1 is for
   * documents found without an envelope, and may be left out.
   */
  readonly migrate?: Readonly<Record<number, Migration>>
  /**
   * What to do when the stored document is damaged: `error` (default), or `previous`, which takes the
   * newest older generation that verifies and says so in `recovery`.
   */
  readonly onCorrupt?: 'error' | 'previous'
  readonly signal?: AbortSignal
}

/** Holds states by name. */
export interface Store extends AsyncDisposable {
  readonly capabilities: Capabilities
  /** Where the states are kept, for people. */
  readonly location: string
  /**
   * Opens a state. Writes nothing, except that a migration is one commit, made here.
   * @throws HoldfastError `CORRUPT`, `INVALID`, `NEWER_SCHEMA`, `IO`, `CONFIG`, `CLOSED`.
   */
  open<Schema extends z.ZodType>(
    name: string,
    options: OpenOptions<Schema>,
  ): Promise<State<z.output<Schema>>>
  /** The names of the states that exist. */
  list(): AsyncIterable<string>
  /** Removes a state and what is kept of its past. */
  remove(name: string): Promise<void>
  /** Closes every open state, then the backend. Idempotent. */
  close(): Promise<void>
}
