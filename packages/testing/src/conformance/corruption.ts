import assert from 'node:assert/strict'
import { HoldfastError, type Sequence } from '@holdfast/core'
import type { ConformancePlace } from '../conformance-place.ts'
import { changeFor } from './change-for.ts'
import { assertFails } from './assert-fails.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check, type Trial } from './trial.ts'

/** Corrupt is never empty, and never older without saying so. */
export function corruption<Place extends ConformancePlace>(
  check: Check<Place>,
  damage: (place: Place, name: string) => void | Promise<void>,
): void {
  const writeAndDamage = async (trial: Trial<Place>, versions: number): Promise<Sequence> => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    for (let base = 0; base < versions; base += 1) await mustCommit(sequence, { base, data: base })
    await backend.close()
    await damage(trial.place, stateName)
    return trial.openSequence()
  }
  const corrupt = { code: 'CORRUPT', state: stateName } as const

  check('a damaged document is CORRUPT at each load, by any handle', async (trial) => {
    const sequence = await writeAndDamage(trial, 1)
    await assertFails(() => sequence.load(), corrupt)
    await assertFails(() => sequence.load({ onCorrupt: 'error' }), corrupt)
    await assertFails(async () => (await trial.openSequence()).load(), corrupt)
  })

  check('a damaged document with no older one is CORRUPT whatever is asked', async (trial) => {
    const sequence = await writeAndDamage(trial, 1)
    await assertFails(() => sequence.load({ onCorrupt: 'previous' }), corrupt)
  })

  check('an older document in the place of a damaged one says so', async (trial) => {
    const sequence = await writeAndDamage(trial, 3)
    try {
      const { version, data, recovery } = await mustLoad(sequence, { onCorrupt: 'previous' })
      assert.ok(version < 3, 'the damaged version came back')
      assert.equal(data, version - 1)
      assert.ok(recovery !== undefined, 'an older document without a recovery')
      assert.ok(recovery.generation >= 1)
      assert.match(recovery.reason, /\S/u)
    } catch (error) {
      if (!HoldfastError.is(error, 'CORRUPT')) throw error
    }
    await assertFails(() => sequence.load(), corrupt)
  })

  check('a damaged state is still listed', async (trial) => {
    await writeAndDamage(trial, 2)
    assert.deepStrictEqual(await collect((await trial.open()).list()), [stateName])
  })

  check('a damaged state does not begin again at version 1', async (trial) => {
    const sequence = await writeAndDamage(trial, 2)
    let isCommitted = false
    try {
      const result = await sequence.commit(changeFor(sequence, { base: 0, data: 'empty again' }))
      isCommitted = result.committed
    } catch (error) {
      assert.ok(HoldfastError.is(error), String(error))
    }
    assert.equal(isCommitted, false)
    await assertFails(async () => (await trial.openSequence()).load(), corrupt)
  })

  check('a damaged state does not read as one that was never written', async (trial) => {
    const sequence = await writeAndDamage(trial, 2)
    try {
      assert.notDeepStrictEqual(await sequence.read(0), { changes: [] })
    } catch (error) {
      if (!HoldfastError.is(error, 'CORRUPT')) throw error
    }
  })

  check('a damaged state can be removed and written again', async (trial) => {
    const sequence = await writeAndDamage(trial, 2)
    await (await trial.open()).remove(stateName)
    assert.equal(await sequence.load(), null)
    await mustCommit(sequence, { base: 0, data: 'again' })
    assert.equal((await mustLoad(await trial.openSequence())).data, 'again')
  })
}
