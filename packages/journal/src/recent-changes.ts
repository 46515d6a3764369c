import type { Change, Version } from '@holdfast/core'
import { changeOf, type JournalRecord } from './journal-record.ts'

const mostBytes = 256 * 1024
const mostChanges = 1024

interface RecentChange {
  readonly record: JournalRecord
  readonly schema: number
  /** How long its line is: about what it takes. */
  readonly bytes: number
}

/** The last changes of a journal: so much that following it reads no file, and no more. */
export class RecentChanges {
  #changes: RecentChange[] = []
  #bytes = 0

  push(record: JournalRecord, schema: number, bytes: number): void {
    if (this.#newest !== record.version - 1) this.clear()
    if (bytes > mostBytes) return this.clear()
    this.#changes.push({ record, schema, bytes })
    this.#bytes += bytes
    while (this.#bytes > mostBytes || this.#changes.length > mostChanges) {
      this.#bytes -= this.#changes.shift()?.bytes ?? 0
    }
  }

  clear(): void {
    this.#changes = []
    this.#bytes = 0
  }

  /** The changes that follow `since` and lead to `newest`, or null where they are not all here. */
  between(since: Version, newest: Version): Change[] | null {
    if (since === newest) return []
    const count = newest - since
    if (this.#newest !== newest || count < 0 || count > this.#changes.length) return null
    return this.#changes.slice(-count).map(({ record, schema }) => changeOf(record, schema))
  }

  get #newest(): Version | null {
    return this.#changes.at(-1)?.record.version ?? null
  }
}
