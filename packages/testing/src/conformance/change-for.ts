import type { PendingChange, Sequence } from '@holdfast/core'
import { pendingChange, type PendingChangeOptions } from '../pending-change.ts'

/** A change made from `options` that `sequence` takes: by the writer that it names, if it names one. */
export function changeFor({ writer }: Sequence, options: PendingChangeOptions): PendingChange {
  return pendingChange(writer === undefined ? options : { ...options, writer })
}
