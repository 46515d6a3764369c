import assert from 'node:assert/strict'
import type { Sequence } from '@holdfast/core'
import { failureOf } from './assert-fails.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

/** `inTurn` runs the work that it is given, and nothing depends on its being there. */
export function turns(check: Check): void {
  check('work in turn may commit, and its result is handed on', async (trial) => {
    const [one, other] = [await trial.openSequence(), await trial.openSequence()]
    for (const [base, sequence] of [one, other, one].entries()) {
      const result = await inTurn(sequence, async () => {
        await mustCommit(sequence, { base, data: base })
        return `result ${base}`
      })
      assert.equal(result, `result ${base}`)
    }
    assert.equal((await mustLoad(other)).version, 3)
  })

  check('work in turn that fails hands its own error on and ends its turn', async (trial) => {
    const [one, other] = [await trial.openSequence(), await trial.openSequence()]
    const failure = new Error('the work failed')
    const failing = (): Promise<never> => inTurn(one, () => Promise.reject(failure))
    assert.equal(await failureOf(failing), failure)
    assert.equal(await inTurn(other, async () => 'next'), 'next')
    assert.equal(await inTurn(one, async () => 'again'), 'again')
  })

  check('a commit out of turn is as safe as one in turn', async (trial) => {
    const [one, other] = [await trial.openSequence(), await trial.openSequence()]
    await inTurn(one, () => mustCommit(other, { base: 0, data: 'out of turn' }))
    assert.equal((await mustLoad(one)).data, 'out of turn')
  })
}

/** Core's use of `inTurn`: without one, the work runs at once. */
function inTurn<R>(sequence: Sequence, work: () => Promise<R>): Promise<R> {
  return sequence.inTurn === undefined ? work() : sequence.inTurn(work)
}
