import assert from 'node:assert/strict'
import { stateName, type Check } from './trial.ts'

/** What a backend says of itself is one of the words that the contract knows. */
export function declarations(check: Check): void {
  check('the capabilities are declared in words of the contract', async (trial) => {
    const { capabilities } = await trial.open()
    const { durability, writers, history } = capabilities
    assert.ok(['none', 'process', 'power'].includes(durability), `durability: ${durability}`)
    assert.ok(['process', 'machine', 'network'].includes(writers), `writers: ${writers}`)
    assert.equal(typeof history, 'boolean', `history: ${String(history)}`)
  })

  check('every handle on one place declares the same capabilities', async (trial) => {
    const [one, other] = [await trial.open(), await trial.open()]
    assert.deepStrictEqual({ ...one.capabilities }, { ...other.capabilities })
  })

  check('the backend and each state say where they are', async (trial) => {
    const backend = await trial.open()
    const sequence = await backend.open(stateName)
    assert.match(backend.location, /\S/u, 'the location of the backend is blank')
    assert.match(sequence.location, /\S/u, 'the location of the state is blank')
  })
}
