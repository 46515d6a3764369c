import assert from 'node:assert/strict'
import { changeFor } from './change-for.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** A removed state is as if it had never been written. */
export function removing(check: Check): void {
  check('a removed state is neither listed nor loaded, by any handle', async (trial) => {
    const [backend, other] = [await trial.open(), await trial.open()]
    const [kept, removed] = [await backend.open('kept'), await backend.open(stateName)]
    await mustCommit(kept, { base: 0, data: 'kept' })
    for (let base = 0; base < 3; base += 1) await mustCommit(removed, { base, data: base })
    await backend.remove(stateName)
    for (const handle of [backend, other, await trial.open()]) {
      assert.deepStrictEqual(await collect(handle.list()), ['kept'])
      assert.equal(await (await handle.open(stateName)).load(), null)
      assert.equal((await mustLoad(await handle.open('kept'))).data, 'kept')
    }
  })

  check('removing what does not exist does nothing', async (trial) => {
    const backend = await trial.open()
    await mustCommit(await backend.open('kept'), { base: 0, data: 1 })
    await backend.remove(stateName)
    await backend.remove(stateName)
    assert.deepStrictEqual(await collect(backend.list()), ['kept'])
  })

  check('a removed state stays removed after re-opening', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    for (let base = 0; base < 3; base += 1) await mustCommit(sequence, { base, data: base })
    await backend.remove(stateName)
    await backend.close()
    const next = await trial.open()
    assert.equal(await (await next.open(stateName)).load(), null)
    assert.deepStrictEqual(await collect(next.list()), [])
  })

  check('a sequence that was open sees the removal', async (trial) => {
    const [sequence, backend] = [await trial.openSequence(), await trial.open()]
    await mustCommit(sequence, { base: 0, data: 1 })
    await mustCommit(sequence, { base: 1, data: 2 })
    await backend.remove(stateName)
    assert.equal(await sequence.load(), null)
    assert.deepStrictEqual(await sequence.read(0), { changes: [] })
    const stale = changeFor(sequence, { base: 2, data: 'must not be seen' })
    assert.deepStrictEqual(await sequence.commit(stale), { committed: false, newest: 0 })
  })

  check('a state written again after its removal begins at version 1', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    for (let base = 0; base < 3; base += 1) await mustCommit(sequence, { base, data: base })
    await backend.remove(stateName)
    await mustCommit(sequence, { base: 0, data: 'again' })
    for (const { version, data } of [
      await mustLoad(sequence),
      await mustLoad(await trial.openSequence()),
    ]) {
      assert.deepStrictEqual({ version, data }, { version: 1, data: 'again' })
    }
  })

  check('nothing of the removed past comes back when it is written again', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    for (let base = 0; base < 3; base += 1) await mustCommit(sequence, { base, data: 'old' })
    await backend.remove(stateName)
    await mustCommit(sequence, { base: 0, data: 'again' })
    const result = await sequence.read(3)
    assert.ok('snapshot' in result, 'version 1 does not follow version 3: only a snapshot tells')
    assert.equal(result.snapshot.version, 1)
    if (backend.capabilities.history) {
      for (const item of await collect(sequence.history())) {
        assert.doesNotMatch(JSON.stringify(item), /old/u)
      }
    }
  })
}
