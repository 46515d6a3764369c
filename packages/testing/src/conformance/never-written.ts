import assert from 'node:assert/strict'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { stateName, type Check } from './trial.ts'

/** Only "not found" is null, and opening creates nothing. */
export function neverWritten(check: Check): void {
  check('a state that was never written loads as null', async (trial) => {
    const sequence = await trial.openSequence()
    assert.equal(await sequence.load(), null)
  })

  check('nothing follows version 0 of a state that was never written', async (trial) => {
    const sequence = await trial.openSequence()
    assert.deepStrictEqual(await sequence.read(0), { changes: [] })
  })

  check('a place where nothing was written lists no names', async (trial) => {
    const backend = await trial.open()
    assert.deepStrictEqual(await collect(backend.list()), [])
  })

  check('opening, loading, reading and closing create nothing', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    await sequence.load()
    await sequence.read(0)
    assert.deepStrictEqual(await collect(backend.list()), [], 'while open')
    await backend.close()
    const next = await trial.open()
    assert.deepStrictEqual(await collect(next.list()), [], 'after close')
  })

  check('a written state does not make another one exist', async (trial) => {
    const backend = await trial.open()
    await mustCommit(await backend.open(stateName), { base: 0, data: { a: 1 } })
    const other = await backend.open('other')
    assert.equal(await other.load(), null)
    assert.deepStrictEqual(await collect(backend.list()), [stateName])
  })
}
