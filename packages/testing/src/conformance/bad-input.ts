import assert from 'node:assert/strict'
import type { PendingChange, Sequence } from '@holdfast/core'
import { changeFor } from './change-for.ts'
import { assertFails, assertHoldfastError } from './assert-fails.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

const wrongVersions: readonly (readonly [base: number, version: number])[] = [
  [1, 1],
  [1, 3],
  [1, 0],
  [1, 1.5],
  [1, Number.NaN],
  [-1, 0],
  [0.5, 1.5],
  [Number.NaN, Number.NaN],
  [2 ** 53, 2 ** 53],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
]

/** What cannot be a change is refused, and a change that fails leaves nothing behind. */
export function badInput(check: Check): void {
  for (const [base, version] of wrongVersions) {
    check(`a change from version ${base} to ${version} is refused with INVALID`, async (trial) => {
      const sequence = await trial.openSequence()
      await mustCommit(sequence, { base: 0, data: 'kept' })
      const change: PendingChange = {
        ...changeFor(sequence, { base: 1, data: 'bad' }),
        base,
        version,
      }
      await assertFails(() => sequence.commit(change), {
        code: 'INVALID',
        state: stateName,
        committed: false,
      })
      const snapshot = await mustLoad(sequence)
      assert.deepStrictEqual([snapshot.version, snapshot.data], [1, 'kept'])
      await mustCommit(sequence, { base: 1, data: 'next' })
    })
  }

  for (const base of [0, 1]) {
    const title = `a document that cannot be made on version ${base} fails its commit alone`
    check(title, async (trial) => {
      const sequence = await trial.openSequence()
      if (base === 1) await mustCommit(sequence, { base: 0, data: 'before' })
      const before = await sequence.load()
      const outcome = await commitWithoutDocument(sequence, base)
      const newest = outcome === 'failed' ? base : base + 1
      if (outcome === 'failed') {
        assert.deepStrictEqual(await sequence.load(), before)
        assert.deepStrictEqual(await (await trial.openSequence()).load(), before)
      }
      await mustCommit(sequence, { base: newest, data: 'after' })
      assert.equal((await mustLoad(await trial.openSequence())).data, 'after')
    })
  }
}

/**
 * Commits a change whose document throws when it is asked for. A backend that keeps whole documents
 * has to fail; one that keeps changes alone has no need to ask, and commits.
 */
async function commitWithoutDocument(
  sequence: Sequence,
  base: number,
): Promise<'failed' | 'committed'> {
  const change: PendingChange = {
    ...changeFor(sequence, { base, data: 'its patches are good' }),
    document: () => {
      throw new RangeError('Invalid string length')
    },
  }
  try {
    assert.deepStrictEqual(await sequence.commit(change), { committed: true })
  } catch (error) {
    assertHoldfastError(error, { state: stateName, committed: false })
    return 'failed'
  }
  assert.equal((await mustLoad(sequence)).data, 'its patches are good')
  return 'committed'
}
