import {
  HoldfastError,
  type Backend,
  type CallOptions,
  type Capabilities,
  type Sequence,
} from '@holdfast/core'
import type { JournalBackend, OwnableSequence } from '@holdfast/journal'
import { ExclusiveSequence } from './exclusive-sequence.ts'
import type { LockContext } from './lock-context.ts'
import { LockPlace } from './lock-place.ts'
import { Ownership } from './ownership.ts'
import { SharedSequence } from './shared-sequence.ts'
import { SharedTurns } from './shared-turns.ts'
import { StateLock } from './state-lock.ts'

/** How states are locked. */
export interface LockSettings {
  readonly mode: 'shared' | 'exclusive'
  readonly waitMs: number
  readonly staleMs: number
}

/** A journal backend none of whose writers starves, or whose owners have a state to themselves. */
export class LockfileBackend implements Backend {
  readonly capabilities: Capabilities
  readonly location: string
  readonly #journals: JournalBackend
  readonly #settings: LockSettings
  readonly #context: LockContext
  readonly #sequences = new Map<Sequence, string>()
  readonly #stop = new AbortController()
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(journals: JournalBackend, settings: LockSettings, context: LockContext) {
    this.location = journals.location
    const writers = settings.mode === 'exclusive' ? 'process' : 'machine'
    this.capabilities = { ...journals.capabilities, writers }
    this.#journals = journals
    this.#settings = settings
    this.#context = context
  }

  async open(name: string, { signal }: CallOptions = {}): Promise<Sequence> {
    return this.#track(async () => {
      const stop =
        signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal])
      const journal = await this.#journals.open(name, { signal: stop })
      try {
        const sequence = await this.#sequenceOn(name, journal, stop)
        this.#sequences.set(sequence, name)
        return sequence
      } catch (error) {
        await journal.close()
        throw error
      }
    })
  }

  list(options?: CallOptions): AsyncIterable<string> {
    return this.#journals.list(options)
  }

  async remove(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#track(async () => {
      signal?.throwIfAborted()
      const isOwn = [...this.#sequences.values()].includes(name)
      if (isOwn && this.#settings.mode === 'exclusive') return this.#journals.remove(name)
      const turns = this.#turnsOn(new StateLock(this.#place(name)), async () => undefined)
      try {
        await turns.run(() => this.#journals.remove(name), 'inTurn')
      } finally {
        await turns.close()
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#stop.abort(this.#closedError())
    await Promise.allSettled(this.#underWay)
    const closed = await Promise.allSettled([...this.#sequences.keys()].map((one) => one.close()))
    await this.#journals.close()
    const failed = closed.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async #sequenceOn(
    name: string,
    journal: OwnableSequence,
    signal: AbortSignal,
  ): Promise<Sequence> {
    const lock = new StateLock(this.#place(name))
    const { mode, waitMs } = this.#settings
    const forget = (): void => void this.#sequences.delete(sequence)
    let sequence: Sequence
    if (mode === 'exclusive') {
      const ownership = new Ownership(journal, lock)
      await ownership.begin({ waitMs, signal })
      sequence = new ExclusiveSequence(journal, ownership, forget)
    } else {
      await lock.sweep()
      // A journal says what is new when it is asked whose it is.
      const turns = this.#turnsOn(lock, () => journal.owner())
      sequence = new SharedSequence(journal, turns, forget)
    }
    return sequence
  }

  #turnsOn(lock: StateLock, onTurn: () => Promise<unknown>): SharedTurns {
    return new SharedTurns(lock, this.#settings.waitMs, onTurn)
  }

  #place(name: string): LockPlace {
    const { staleMs } = this.#settings
    return new LockPlace(name, this.#journals.locationOf(name), staleMs, this.#context)
  }

  async #track<R>(work: () => Promise<R>): Promise<R> {
    if (this.#closing !== null) throw this.#closedError()
    const running = work()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  #closedError(): HoldfastError {
    const message = `The lockfile backend in ${this.location} was closed; open it again to go on.`
    return new HoldfastError('CLOSED', message)
  }
}
