import type {
  Backend,
  BackendModule,
  Capabilities,
  Change,
  CommitResult,
  LoadOptions,
  PendingChange,
  Sequence,
  Snapshot,
  Version,
} from '../../src/index.ts'
import { applyPatches, HoldfastError } from '../../src/index.ts'
import { z } from 'zod'
import type { Json } from '../../src/json.ts'
import { deferred } from './deferred.ts'

type Answer = (change: PendingChange, land: () => CommitResult) => Promise<CommitResult>

/** One state's sequence in an array, with a script for the commits that come next. */
export class ScriptedState {
  readonly changes: Change[] = []
  /** What `load` gives when there are no changes. */
  bare: Snapshot | null = null
  /** Answers for the next commits, first one first; an honest one when there is none. */
  readonly answers: Answer[] = []
  /** Whether `read` gives the changes, or only a snapshot. */
  isHistoryKept = true
  /** Up to which version `peek` gives what is there: a commit, a read and `see` set it; null: it gives nothing. */
  seen: Version | null = null
  readonly calls: string[] = []
  readonly loads: LoadOptions[] = []
  loadError: Error | undefined
  readError: Error | undefined
  peekError: Error | undefined
  /** What `read` waits for, after it has looked. */
  readGate: Promise<unknown> | undefined
  readonly #listeners = new Set<() => void>()

  get version(): Version {
    return this.changes.at(-1)?.version ?? this.bare?.version ?? 0
  }

  /** The stored document. */
  get document(): Json | undefined {
    if (this.bare === null && this.changes.length === 0) return undefined
    const start = structuredClone(this.bare?.data ?? null)
    const patches = this.changes.flatMap((change) => structuredClone([...change.patches]))
    return applyPatches(start, patches)
  }

  get snapshot(): Snapshot | null {
    const last = this.changes.at(-1)
    if (!last) return structuredClone(this.bare)
    const { version, schema, at, writer } = last
    return { version, schema, at, writer, data: this.document as Json }
  }

  /** Looks, without reading: `peek` gives all there is. */
  see(): void {
    if (this.seen !== null) this.seen = this.version
  }

  /** Commits honestly: the change follows if its base is the newest version. */
  land(change: Change): CommitResult {
    if (change.base !== this.version) return { committed: false, newest: this.version }
    const { base, version, id, writer, at, schema, patches } = change
    this.changes.push(structuredClone({ base, version, id, writer, at, schema, patches }))
    for (const listener of this.#listeners) queueMicrotask(listener)
    return { committed: true }
  }

  /** Commits as another writer, of which nobody gets a hint. */
  landUnseen(patches: Change['patches']): void {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    this.landForeign(patches)
    for (const listener of listeners) this.#listeners.add(listener)
  }

  /** Commits as another writer. */
  landForeign(patches: Change['patches'], schema: number = this.changes.at(-1)?.schema ?? 1): void {
    const base = this.version
    const id = `foreign-${base + 1}`
    const at = '2026-01-01T00:00:00.000Z'
    this.land({ base, version: base + 1, id, writer: 'other/1/x', at, schema, patches })
  }

  listen(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }
}

/** A backend whose states do what a test tells them to. */
export class ScriptedBackend implements Backend {
  readonly capabilities: Capabilities = { durability: 'none', writers: 'process', history: true }
  readonly location: string = 'scripted:'
  readonly states: Map<string, ScriptedState> = new Map()
  isClosed = false

  state(name = 'bot'): ScriptedState {
    const known = this.states.get(name) ?? new ScriptedState()
    this.states.set(name, known)
    return known
  }

  open(name: string): Promise<Sequence> {
    return Promise.resolve(new ScriptedSequence(name, this.state(name)))
  }

  async *list(): AsyncGenerator<string> {
    for (const [name, state] of this.states) if (state.version > 0) yield name
  }

  remove(name: string): Promise<void> {
    this.states.delete(name)
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** The module of one scripted backend, for `openStore('scripted:', { backends: [...] })`. */
export function scriptedModule(backend: ScriptedBackend): BackendModule {
  return {
    name: 'scripted',
    schemes: ['scripted'],
    options: z.strictObject({}),
    fromUrl: () => ({}),
    open: () => Promise.resolve(backend),
  }
}

class ScriptedSequence implements Sequence {
  readonly location: string
  readonly #state: ScriptedState

  constructor(name: string, state: ScriptedState) {
    this.location = `scripted:${name}`
    this.#state = state
  }

  async load(options: LoadOptions = {}): Promise<Snapshot | null> {
    this.#state.calls.push('load')
    this.#state.loads.push(options)
    if (this.#state.loadError !== undefined) throw this.#state.loadError
    return this.#state.snapshot
  }

  async commit(change: PendingChange): Promise<CommitResult> {
    this.#state.calls.push('commit')
    const land = (): CommitResult => this.#state.land(change)
    const answer = this.#state.answers.shift()
    const result = await (answer ? answer(change, land) : land())
    this.#state.see()
    return result
  }

  async read(since: Version): Promise<{ changes: Change[] } | { snapshot: Snapshot }> {
    this.#state.calls.push('read')
    if (this.#state.readError !== undefined) throw this.#state.readError
    const { isHistoryKept, version } = this.#state
    this.#state.see()
    const snapshot = isHistoryKept ? null : this.#state.snapshot
    const changes = this.#between(since, version)
    await this.#state.readGate
    return snapshot && since < version ? { snapshot } : { changes }
  }

  peek(since: Version): Change[] | null {
    const { peekError, seen } = this.#state
    if (peekError !== undefined) throw peekError
    return seen === null ? null : this.#between(since, seen)
  }

  #between(since: Version, until: Version): Change[] {
    const { changes } = this.#state
    return structuredClone(changes.filter(({ version }) => version > since && version <= until))
  }

  onHint(listener: () => void): Disposable {
    return this.#state.listen(listener)
  }

  async *history(): AsyncGenerator<Change> {
    yield* this.#state.changes.toReversed()
  }

  close(): Promise<void> {
    this.#state.calls.push('close')
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** An answer that fails, the change not landed. */
export function failing(code: 'IO' | 'NO_SPACE' | 'CONFLICT' = 'IO'): Answer {
  return () => Promise.reject(new HoldfastError(code, 'as scripted', { committed: false }))
}

/** An answer that cannot tell, the change landed or not. */
export function losingTheAnswer(hasLanded: boolean): Answer {
  return (_change, land) => {
    if (hasLanded) land()
    const options = { committed: 'unknown' } as const
    return Promise.reject(new HoldfastError('OUTCOME_UNKNOWN', 'as scripted', options))
  }
}

/** An answer that waits for `release`, then commits honestly. */
export function held(): { answer: Answer; begun: Promise<unknown>; release(): void } {
  const begun = deferred<undefined>()
  const gate = deferred<undefined>()
  const answer: Answer = async (_change, land) => {
    begun.resolve(undefined)
    await gate.promise
    return land()
  }
  return { answer, begun: begun.promise, release: () => gate.resolve(undefined) }
}
