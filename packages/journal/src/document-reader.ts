import type { Json } from '@holdfast/core'
// Not from the whole of core: a worker that builds a snapshot would load it, and zod, for this alone.
import { applyPatches } from '@holdfast/core/patches'
import { dataTextOf, type EpochHead } from './epoch-head.ts'
import type { ReplayListener } from './epoch-replay.ts'
import type { JournalRecord } from './journal-record.ts'

/** Follows an epoch's lines with the document itself. */
export class DocumentReader implements ReplayListener {
  /** The document; undefined where there is none. */
  data: Json | undefined = undefined

  head({ hasData }: EpochHead, line: Buffer): void {
    this.data = hasData ? parse(dataTextOf(line)) : undefined
  }

  /** @throws TypeError where a patch leads nowhere; the document is then unusable. */
  record(record: JournalRecord): void {
    if (record.kind !== 'patches') return
    const { patches } = record
    if (this.data === undefined && patches[0]?.path !== '') {
      throw new TypeError('a record changes a document that is not there')
    }
    this.data = applyPatches(this.data ?? null, patches)
  }
}

function parse(text: string): Json {
  return JSON.parse(text)
}
