import assert from 'node:assert/strict'
import type { LoadOptions, Sequence, Snapshot } from '@holdfast/core'

/** Loads the newest snapshot; fails when there is none. */
export async function mustLoad(sequence: Sequence, options?: LoadOptions): Promise<Snapshot> {
  const snapshot = await sequence.load(options)
  assert.notEqual(snapshot, null, 'load gave null for a state that was written')
  return snapshot ?? assert.fail()
}
