import { HoldfastError, type Change, type Json, type Snapshot, type Version } from '@holdfast/core'

/**
 * One state's sequence, kept as JSON text: what comes out is what a disk would give, and shares
 * nothing with what went in. It knows no rules: `MemorySequence` keeps them.
 */
export class KeptState {
  readonly name: string
  #newest: Omit<Snapshot, 'data'> | null = null
  #document = ''
  #changes: string[] = []
  readonly #listeners = new Set<() => void>()

  constructor(name: string) {
    this.name = name
  }

  /** The newest version; 0 when nothing is kept. */
  get version(): Version {
    return this.#newest?.version ?? 0
  }

  /** The size of the newest document, as UTF-8. */
  get documentBytes(): number {
    return Buffer.byteLength(this.#document)
  }

  /** The newest document; null when nothing is kept, `CORRUPT` when it can not be read. */
  snapshot(): Snapshot | null {
    if (this.#newest === null) return null
    try {
      const data: Json = JSON.parse(this.#document)
      return { ...this.#newest, data }
    } catch (cause) {
      throw new HoldfastError(
        'CORRUPT',
        `State "${this.name}" in memory is damaged at version ${this.version}: its document is not JSON. Remove the state to begin again.`,
        { state: this.name, cause },
      )
    }
  }

  /** How many changes are kept; they end with the newest version. */
  get changeCount(): number {
    return this.#changes.length
  }

  /** The changes that follow `since`, oldest first; null when they are not all kept. */
  changesAfter(since: Version): Change[] | null {
    const count = this.version - since
    if (!(count >= 0 && count <= this.#changes.length)) return null
    return this.#changes.slice(this.#changes.length - count).map((text): Change => JSON.parse(text))
  }

  /** Makes `change` the newest, with `document` after it, and forgets all but `keep` changes. */
  append(change: Change, document: string, keep: number): void {
    const { base, version, id, writer, at, schema, patches } = change
    this.#changes.push(JSON.stringify({ base, version, id, writer, at, schema, patches }))
    this.#changes.splice(0, Math.max(0, this.#changes.length - keep))
    this.#newest = { version, schema, at, writer }
    this.#document = document
    this.#hint()
  }

  /** Forgets everything. */
  clear(): void {
    this.#newest = null
    this.#document = ''
    this.#changes = []
    this.#hint()
  }

  /** Makes the newest document unreadable: it ends in a NUL, as files do that lost their last block. */
  damage(): void {
    this.#document = `${this.#document.slice(0, -1)}\0`
  }

  /** Calls `listener` soon after each change or removal, until it is disposed of. */
  listen(listener: () => void): Disposable {
    const own = (): void => listener()
    this.#listeners.add(own)
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) }
  }

  /** Later, never within the commit: a hint that comes from elsewhere takes time as well. */
  #hint(): void {
    for (const listener of this.#listeners) {
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener()
      })
    }
  }
}
