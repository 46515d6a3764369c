import type { Change, Sequence, Snapshot, Version } from './backend.ts'
import type { Json } from './json.ts'
import type { Patch } from './patch.ts'
import type { StateChange } from './state.ts'

/** How many changes are kept in memory for iterators that lag; older ones are read back. */
const keptChanges = 256

/** Tells the commits of one state, in order, to listeners and to iterators. */
export class StateChangeFeed {
  readonly #sequence: Sequence
  readonly #writer: string
  readonly #newest: () => Version
  readonly #listeners = new Set<(change: StateChange) => void>()
  readonly #wakers = new Set<() => void>()
  #recent: StateChange[] = []
  #isEnded = false

  /** @param newest The version that the state has taken in. */
  constructor(sequence: Sequence, writer: string, newest: () => Version) {
    this.#sequence = sequence
    this.#writer = writer
    this.#newest = newest
  }

  /** Whether anybody listens or iterates. */
  get isFollowed(): boolean {
    return this.#listeners.size + this.#wakers.size > 0
  }

  /** Tells one commit. A listener that throws does so on its own, outside the commit. */
  publish(change: StateChange): void {
    // Nobody to tell, nothing to keep: what a later follower asks for is read back.
    if (!this.isFollowed) {
      this.#recent = []
      return
    }
    this.#recent.push(change)
    if (this.#recent.length > 2 * keptChanges) this.#recent = this.#recent.slice(-keptChanges)
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (error) {
        // As Node's EventTarget does: the listener's bug surfaces, the commit stays acknowledged.
        process.nextTick(() => {
          throw error
        })
      }
    }
    this.#wake()
  }

  /** Calls `listener` with each commit from now on; returns the function that ends it. */
  subscribe(listener: (change: StateChange) => void): () => void {
    // The same function may be subscribed twice, and each subscription ends on its own.
    const own = (change: StateChange): void => listener(change)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** The sequence after `since`, live. Ends with the signal, or when the state is closed. */
  async *changes(since: Version, signal?: AbortSignal): AsyncGenerator<StateChange, undefined> {
    const bell = new Bell()
    const ring = (): void => bell.ring()
    this.#wakers.add(ring)
    signal?.addEventListener('abort', ring)
    try {
      for (let last = since; ;) {
        const rung = bell.nextRing()
        const changes = await this.#after(last)
        for (const change of changes) {
          if (signal?.aborted) return undefined
          last = change.version
          yield change
        }
        if (signal?.aborted || (this.#isEnded && changes.length === 0)) return undefined
        if (changes.length === 0) await rung
      }
    } finally {
      this.#wakers.delete(ring)
      signal?.removeEventListener('abort', ring)
    }
  }

  /** Ends every iteration. */
  end(): void {
    this.#isEnded = true
    this.#listeners.clear()
    this.#wake()
  }

  /** `change` as it is told, with its origin. */
  told(change: Change): StateChange {
    const origin = change.writer === this.#writer ? 'own' : 'foreign'
    return { version: change.version, patches: change.patches, origin }
  }

  /** A snapshot as it is told: as one step that puts `data` in the place of everything. */
  toldWhole(snapshot: Snapshot, data: Json): StateChange {
    const origin = snapshot.writer === this.#writer ? 'own' : 'foreign'
    const patches: Patch[] = [{ op: 'replace', path: '', value: data }]
    return { version: snapshot.version, patches, origin }
  }

  #wake(): void {
    for (const waker of this.#wakers) waker()
  }

  async #after(version: Version): Promise<readonly StateChange[]> {
    const first = this.#recent[0]
    const isKept = first !== undefined && first.version <= version + 1
    if (isKept) return this.#recent.filter((change) => change.version > version)
    if (version >= this.#newest() || this.#isEnded) return []
    const read = await this.#sequence.read(version)
    if ('changes' in read) return read.changes.map((change) => this.told(change))
    if (read.snapshot.version <= version) return []
    return [this.toldWhole(read.snapshot, read.snapshot.data)]
  }
}

/** Wakes one sleeper; a ring between two sleeps is not missed by who took `nextRing` before it. */
class Bell {
  #resolve: (() => void) | undefined

  nextRing(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  ring(): void {
    this.#resolve?.()
  }
}
