import type { Change, Version } from '@holdfast/core'
import { changeOf, parseRecord, type JournalRecord } from './journal-record.ts'
import { bodyOf } from './line.ts'

const mostBytes = 256 * 1024
const mostChanges = 1024

interface RecentChange {
  readonly version: Version
  readonly schema: number
  readonly line: Buffer
}

/** The last changes of a journal, as text: so much that following it reads no file, and no more. */
export class RecentChanges {
  #changes: RecentChange[] = []
  #bytes = 0

  /** @param line Without its newline; copied. */
  push({ version }: JournalRecord, schema: number, line: Buffer): void {
    if (this.#changes.at(-1)?.version !== version - 1) this.clear()
    if (line.length > mostBytes) return this.clear()
    this.#changes.push({ version, schema, line: Buffer.from(line) })
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
    const first = this.#changes.findIndex(({ version }) => version === since + 1)
    if (first < 0 || this.#changes.at(-1)?.version !== newest) return null
    const changes: Change[] = []
    for (const { line, schema } of this.#changes.slice(first)) {
      const record = parseRecord(bodyOf(line))
      if ('reason' in record) return null
      changes.push(changeOf(record, schema))
    }
    return changes
  }
}
