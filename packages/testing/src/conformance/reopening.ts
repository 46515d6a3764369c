import assert from 'node:assert/strict'
import { changeFor } from './change-for.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** What was committed outlives the handles. */
export function reopening(check: Check): void {
  check('a state is the same after every handle was closed', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    await mustCommit(sequence, { base: 0, data: { a: [1], b: null }, schema: 4 })
    await mustCommit(sequence, { base: 1, data: { a: [1, 2] }, schema: 5, writer: 'host/2/b' })
    const before = await mustLoad(sequence)
    await backend.close()
    assert.deepStrictEqual(await mustLoad(await trial.openSequence()), before)
  })

  check('a sequence closed and opened again on one handle is the same', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    await mustCommit(sequence, { base: 0, data: { a: 1 } })
    const before = await mustLoad(sequence)
    await sequence.close()
    assert.deepStrictEqual(await mustLoad(await backend.open(stateName)), before)
  })

  check('versions go on where they were after re-opening', async (trial) => {
    for (let base = 0; base < 4; base += 1) {
      const backend = await trial.open()
      const sequence = await backend.open(stateName)
      const stale = changeFor(sequence, { base: base + 1, data: 'must not be seen' })
      assert.deepStrictEqual(await sequence.commit(stale), { committed: false, newest: base })
      await mustCommit(sequence, { base, data: base })
      await backend.close()
    }
    const { version, data } = await mustLoad(await trial.openSequence())
    assert.deepStrictEqual({ version, data }, { version: 4, data: 3 })
  })

  check('a commit needs no load before it', async (trial) => {
    const backend = await trial.open()
    await mustCommit(await backend.open(stateName), { base: 0, data: 1 })
    await backend.close()
    await mustCommit(await trial.openSequence(), { base: 1, data: 2 })
    assert.equal((await mustLoad(await trial.openSequence())).data, 2)
  })

  check('every state is there after re-opening', async (trial) => {
    const backend = await trial.open()
    const written = Array.from({ length: 20 }, (_, number) => `state-${number}`)
    for (const name of written) {
      await mustCommit(await backend.open(name), { base: 0, data: { name } })
    }
    await backend.close()
    const next = await trial.open()
    assert.deepStrictEqual((await collect(next.list())).toSorted(), written.toSorted())
    for (const name of written) {
      assert.deepStrictEqual((await mustLoad(await next.open(name))).data, { name })
    }
  })
}
