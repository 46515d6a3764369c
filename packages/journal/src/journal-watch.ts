import { channel } from 'node:diagnostics_channel'
import { dirname } from 'node:path'
import { hasCode } from '@holdfast/fs'
import type { JournalPlace } from './journal-place.ts'

const degraded = channel('holdfast:degraded')

/**
 * Hints that a journal may have changed: its directory is watched, or, as long as that does not
 * exist, the nearest one above it. Watches only while somebody listens.
 */
export class JournalWatch {
  readonly #place: JournalPlace
  readonly #listeners = new Set<() => void>()
  #watched: string | null = null
  #watcher: Disposable | null = null

  constructor(place: JournalPlace) {
    this.#place = place
  }

  listen(listener: () => void): Disposable {
    const own = (): void => listener()
    this.#listeners.add(own)
    if (this.#watcher === null) this.#watchNearest()
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(own)
        if (this.#listeners.size === 0) this.#stop()
      },
    }
  }

  /** Ends every hint. */
  close(): void {
    this.#listeners.clear()
    this.#stop()
  }

  /** First the nearer directory is watched, then it is told: what happened before is read then. */
  #onEvent(): void {
    if (this.#watched !== this.#place.path) this.#watchNearest()
    for (const listener of this.#listeners) listener()
  }

  #watchNearest(): void {
    const { fileSystem } = this.#place.context
    for (let path = this.#place.path; path !== this.#watched; path = dirname(path)) {
      try {
        const watcher = fileSystem.watch(path, () => this.#onEvent())
        this.#stop()
        this.#watcher = watcher
        this.#watched = path
        return
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR') && path !== dirname(path)) continue
        // Hints are a convenience: without them, others' changes are read when somebody asks.
        degraded.publish({
          path,
          syscall: 'watch',
          code: error instanceof Error ? error.message : '',
        })
        return
      }
    }
  }

  #stop(): void {
    this.#watcher?.[Symbol.dispose]()
    this.#watcher = null
    this.#watched = null
  }
}
