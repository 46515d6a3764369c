import type { z } from 'zod'
import type { Change, Recovery, Sequence, Snapshot, Version } from './backend.ts'
import { Committer } from './committer.ts'
import { publish } from './diagnostics.ts'
import type {
  Effect,
  EffectDefinition,
  PendingIntent,
  RecoveredIntent,
  RecoverOptions,
} from './effects/effect.ts'
import { Effects } from './effects/effects.ts'
import type { Environment } from './environment.ts'
import { HoldfastError } from './error.ts'
import type { StepTo } from './effects/intents.ts'
import type { LiveDocument, Step } from './live-document.ts'
import { StateChangeFeed } from './state-change-feed.ts'
import type {
  ChangesOptions,
  DeepReadonly,
  State,
  StateChange,
  Synchronous,
  UpdateOptions,
} from './state.ts'

/** What an open state is made of. */
export interface OpenedStateParts {
  readonly name: string
  readonly schemaVersion: number
  readonly sequence: Sequence
  /** Loaded, and at its version. */
  readonly document: LiveDocument
  readonly environment: Environment
  /** This state's name among writers. */
  readonly writer: string
  readonly recovery: Recovery | undefined
  /** Called once, when the state is closed. */
  readonly onClosed: () => void
}

/** The signal of a state that nobody can take over. */
const never = new AbortController().signal

/** The one implementation of `State`: the document, its committer and its feed, behind one door. */
export class OpenedState<T> implements State<T> {
  readonly #parts: OpenedStateParts
  readonly #feed: StateChangeFeed
  readonly #committer: Committer
  readonly #effects: Effects<T>
  readonly #refreshes = new Set<Promise<unknown>>()
  #hints: Disposable | undefined
  #closing: Promise<void> | undefined

  constructor(parts: OpenedStateParts) {
    this.#parts = parts
    this.#feed = new StateChangeFeed(parts.sequence, parts.writer, () => parts.document.version)
    this.#committer = new Committer({ ...parts, feed: this.#feed })
    this.#effects = new Effects({
      subject: { state: parts.name, location: parts.sequence.location },
      document: parts.document,
      environment: parts.environment,
      commit: (run, signal) => this.#commit(() => this.#explained(run), signal),
      ownership: this.signal,
      assertOpen: () => this.#assertOpen(),
    })
  }

  get name(): string {
    return this.#parts.name
  }

  get location(): string {
    return this.#parts.sequence.location
  }

  get value(): DeepReadonly<T> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- T is what the schema gives
    return this.#parts.document.value as DeepReadonly<T>
  }

  get version(): Version {
    return this.#parts.document.version
  }

  get schemaVersion(): number {
    return this.#parts.schemaVersion
  }

  get recovery(): Recovery | undefined {
    return this.#parts.recovery
  }

  get signal(): AbortSignal {
    return this.#parts.sequence.signal ?? never
  }

  update<R>(recipe: (draft: T) => Synchronous<R>, options?: UpdateOptions): Promise<R> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `recipe` returned
    return this.#submit(() => this.#change(recipe), options) as Promise<R>
  }

  async replace(next: T, options?: UpdateOptions): Promise<void> {
    // The caller may go on to change `next`, and the update may have to be done again later.
    const kept = this.#explained(() => this.#parts.document.copyIn(next))
    const replace = (): Step => this.#parts.document.replace(kept)
    await this.#submit(() => this.#explained(replace), options)
  }

  effect<Input extends z.ZodType, Result extends z.ZodType>(
    name: string,
    definition: EffectDefinition<T, Input, Result>,
  ): Effect<Input, Result> {
    this.#assertOpen()
    return this.#effects.define(name, definition)
  }

  async recover(options: RecoverOptions = {}): Promise<RecoveredIntent[]> {
    options.signal?.throwIfAborted()
    await this.refresh()
    return this.#effects.recover(options)
  }

  pending(): PendingIntent[] {
    return this.#effects.pending()
  }

  async refresh(): Promise<Version> {
    this.#assertOpen()
    const refresh = this.#committer.refresh()
    this.#refreshes.add(refresh)
    try {
      return await refresh
    } finally {
      this.#refreshes.delete(refresh)
    }
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.#committer.unsettled, ...this.#refreshes])
  }

  subscribe(listener: (change: StateChange) => void): () => void {
    this.#assertOpen()
    const unsubscribe = this.#feed.subscribe(listener)
    this.#follow()
    return unsubscribe
  }

  changes({ since, signal }: ChangesOptions = {}): AsyncIterableIterator<StateChange> {
    this.#assertOpen()
    const changes = this.#feed.changes(since ?? this.version, signal)
    this.#follow()
    return changes
  }

  history(): AsyncIterable<Change | Snapshot> {
    this.#assertOpen()
    return this.#parts.sequence.history()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.#effects.close(this.#closedError())
    await this.settled()
    this.#hints?.[Symbol.dispose]()
    this.#feed.end()
    try {
      await this.#parts.sequence.close()
    } finally {
      this.#parts.onClosed()
    }
  }

  #submit(run: () => Step, options: UpdateOptions | undefined): Promise<unknown> {
    if (this.#closing) return Promise.reject(this.#closedError())
    return this.#commit(run, options?.signal)
  }

  /** Also while the state is being closed: for what has to be recorded of what was begun before. */
  #commit<R>(run: () => StepTo<R>, signal: AbortSignal | undefined): Promise<R> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it resolves with the step's result
    return this.#committer.submit(run, signal) as Promise<R>
  }

  /** As `#explained`, for what is done most. */
  #change(recipe: (draft: T) => unknown): Step {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- T is what the schema gives
      return this.#parts.document.change(recipe as (draft: unknown) => unknown)
    } catch (error) {
      throw this.#explanation(error)
    }
  }

  /** From the first follower on, a hint of the backend brings in what other writers committed. */
  #follow(): void {
    this.#hints ??= this.#parts.sequence.onHint(() => {
      if (!this.#closing && this.#feed.isFollowed) this.#refreshForFollowers()
    })
    this.#refreshForFollowers()
  }

  #refreshForFollowers(): void {
    const { name: state, location } = this
    this.refresh().catch((error: unknown) => {
      publish('holdfast:refresh-failed', { state, location, error })
    })
  }

  /** Calls `run`; what the schema refuses is told with the state's name and place. */
  #explained<R>(run: () => R): R {
    try {
      return run()
    } catch (error) {
      throw this.#explanation(error)
    }
  }

  /** What to throw for `error`. */
  #explanation(error: unknown): unknown {
    if (!HoldfastError.is(error, 'INVALID') || error.state !== undefined) return error
    const message =
      `state "${this.name}" (${this.location}): the update was refused and nothing was changed. ` +
      error.message
    const { issues } = error
    return new HoldfastError('INVALID', message, {
      state: this.name,
      issues,
      committed: false,
      cause: error,
    })
  }

  #assertOpen(): void {
    if (this.#closing) throw this.#closedError()
  }

  #closedError(): HoldfastError {
    const message = `state "${this.name}" (${this.location}) is closed: open it again to go on`
    return new HoldfastError('CLOSED', message, { state: this.name, committed: false })
  }
}
