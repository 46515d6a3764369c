import type { Change, Version } from '@holdfast/core'
import { changeOf, parseRecord, type JournalRecord } from './journal-record.ts'
import { bodyOf } from './line.ts'

const mostBytes = 256 * 1024
const mostChanges = 1024

interface RecentChange {
  readonly version: Version
  readonly schema: number
  readonly line: Buffer
  /** The line, parsed, until it is given away: who has it may change it. */
  parsed: JournalRecord | null
}

/** The last changes of a journal, as text: so much that following it reads no file, and no more. */
export class RecentChanges {
  #changes: RecentChange[] = []
  #bytes = 0

  /**
   * @param line Without its newline; copied.
   * @param isShared Whether somebody else has `record` too.
   */
  push(record: JournalRecord, schema: number, line: Buffer, isShared: boolean): void {
    const { version } = record
    if (this.#newest !== version - 1) this.clear()
    if (line.length > mostBytes) return this.clear()
    const parsed = isShared ? null : record
    this.#changes.push({ version, schema, line: Buffer.from(line), parsed })
    this.#bytes += line.length
    while (this.#bytes > mostBytes || this.#changes.length > mostChanges) {
      this.#bytes -= this.#changes.shift()?.line.length ?? 0
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
    const changes: Change[] = []
    for (const recent of this.#changes.slice(-count)) {
      const record = recent.parsed ?? parseRecord(bodyOf(recent.line))
      if ('reason' in record) return null
      recent.parsed = null
      changes.push(changeOf(record, recent.schema))
    }
    return changes
  }

  get #newest(): Version | null {
    return this.#changes.at(-1)?.version ?? null
  }
}
