import assert from 'node:assert/strict'
import type { PendingChange, Sequence } from '@holdfast/core'
import type { PendingChangeOptions } from '../pending-change.ts'
import { changeFor } from './change-for.ts'

/** Commits a change made from `options`, asserts that it counts, and gives it back. */
export async function mustCommit(
  sequence: Sequence,
  options: PendingChangeOptions,
): Promise<PendingChange> {
  const change = changeFor(sequence, options)
  assert.deepStrictEqual(await sequence.commit(change), { committed: true })
  return change
}
