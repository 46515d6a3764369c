import assert from 'node:assert/strict'
import { failureOf } from './assert-fails.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** A signal that was aborted before the call ends it with the signal's own reason. */
export function aborting(check: Check): void {
  const reason = new Error('the caller gave up')
  const options = { signal: AbortSignal.abort(reason) }

  check('open with an aborted signal rejects with its reason', async (trial) => {
    const backend = await trial.open()
    assert.equal(await failureOf(() => backend.open(stateName, options)), reason)
    await mustCommit(await backend.open(stateName), { base: 0, data: 1 })
  })

  check('load with an aborted signal rejects with its reason', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: 1 })
    assert.equal(await failureOf(() => sequence.load(options)), reason)
    assert.equal((await mustLoad(sequence)).data, 1)
  })

  check('list with an aborted signal rejects with its reason', async (trial) => {
    const backend = await trial.open()
    await mustCommit(await backend.open(stateName), { base: 0, data: 1 })
    assert.equal(await failureOf(() => collect(backend.list(options))), reason)
    assert.deepStrictEqual(await collect(backend.list()), [stateName])
  })

  check(
    'remove with an aborted signal rejects with its reason, removing nothing',
    async (trial) => {
      const backend = await trial.open()
      const sequence = await backend.open(stateName)
      await mustCommit(sequence, { base: 0, data: 1 })
      assert.equal(await failureOf(() => backend.remove(stateName, options)), reason)
      assert.equal((await mustLoad(sequence)).data, 1)
    },
  )

  check('a signal that is not aborted changes nothing', async (trial) => {
    const { signal } = new AbortController()
    const backend = await trial.open()
    const sequence = await backend.open(stateName, { signal })
    await mustCommit(sequence, { base: 0, data: 1 })
    assert.equal((await mustLoad(sequence, { signal })).data, 1)
    assert.deepStrictEqual(await collect(backend.list({ signal })), [stateName])
    await backend.remove(stateName, { signal })
    assert.equal(await sequence.load(), null)
  })
}
