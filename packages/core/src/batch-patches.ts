import { netPatches } from './net-patches.ts'
import type { Patch } from './patch.ts'
import type { QueuedUpdate } from './queued-update.ts'

/** What the updates of one batch, which are done, did to the document, in order. */
export function patchesOf(batch: readonly QueuedUpdate[]): readonly Patch[] {
  const [only] = batch
  if (batch.length === 1) return only?.step?.patches ?? []
  const patches = batch.flatMap((update) => update.step?.patches ?? [])
  return mayOverlap(batch) ? netPatches(patches) : patches
}

/**
 * Whether two updates of `batch` may have changed the same place. To look at the containers that they changed
 * costs a tenth of what it costs to look at the pointers of all places.
 */
function mayOverlap(batch: readonly QueuedUpdate[]): boolean {
  const seen = new Set<object>()
  for (const { step } of batch) {
    if (step === undefined) continue
    if (step.edited === undefined) return true
    for (const { edit } of step.edited) {
      if (seen.has(edit.container)) return true
      seen.add(edit.container)
    }
  }
  return false
}
