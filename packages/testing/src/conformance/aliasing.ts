import assert from 'node:assert/strict'
import type { Json, JsonObject, PendingChange } from '@holdfast/core'
import { changeFor } from './change-for.ts'
import { assertSameJson } from './assert-same-json.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** Nothing that goes in or comes out is shared with what is kept. */
export function aliasing(check: Check): void {
  check('changing a document after its commit changes nothing that is kept', async (trial) => {
    const sequence = await trial.openSequence()
    for (const base of [0, 1]) {
      const data = sample()
      const change = await mustCommit(sequence, { base, data })
      spoil(data)
      spoilPatches(change)
      for (const reader of [sequence, await trial.openSequence()]) {
        assert.doesNotMatch(JSON.stringify(await reader.read(base)), /spoilt/u)
        assertSameJson((await mustLoad(reader)).data, sample())
      }
    }
  })

  check('changing what load gave changes nothing that is kept', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: sample() })
    for (let time = 0; time < 2; time += 1) {
      const { data } = await mustLoad(sequence)
      assertSameJson(data, sample())
      spoil(data)
    }
    assertSameJson((await mustLoad(await trial.openSequence())).data, sample())
  })

  check('two loads share nothing', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: sample() })
    const [one, other] = await Promise.all([mustLoad(sequence), mustLoad(sequence)])
    spoil(one.data)
    assertSameJson(other.data, sample())
  })

  check('changing what read or history gave changes nothing that is kept', async (trial) => {
    const backend = await trial.open()
    const [writer, reader] = [await backend.open(stateName), await backend.open(stateName)]
    await mustCommit(writer, { base: 0, data: sample() })
    await mustLoad(reader)
    await mustCommit(writer, { base: 1, data: sample() })
    for (const sequence of [writer, reader]) {
      for (const since of [1, 1, 0, 0]) {
        const result = await sequence.read(since)
        const past = backend.capabilities.history ? await collect(sequence.history()) : []
        assert.doesNotMatch(JSON.stringify([result, past]), /spoilt/u)
        const read = 'changes' in result ? result.changes : [result.snapshot]
        for (const item of [...read, ...past]) {
          if ('patches' in item) spoilPatches(item)
          else spoil(item.data)
        }
      }
    }
    assertSameJson((await mustLoad(reader)).data, sample())
  })

  check('a change that was refused leaves nothing behind', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: sample() })
    const spoilt = changeFor(sequence, { base: 0, data: { spoilt: true } })
    assert.deepStrictEqual(await sequence.commit(spoilt), { committed: false, newest: 1 })
    assert.doesNotMatch(JSON.stringify(await sequence.read(0)), /spoilt/u)
    assertSameJson((await mustLoad(sequence)).data, sample())
  })
}

function sample(): JsonObject {
  return { positions: { BTC: { quantity: '2' } }, orders: [{ id: 'a' }, { id: 'b' }] }
}

/** Changes `value` at every depth. */
function spoil(value: Json): void {
  if (typeof value !== 'object' || value === null) return
  for (const inner of Object.values(value)) spoil(inner)
  if (Array.isArray(value)) value.push('spoilt')
  else value['spoilt'] = true
}

function spoilPatches(change: Pick<PendingChange, 'patches'>): void {
  for (const patch of change.patches) if ('value' in patch) spoil(patch.value)
}
