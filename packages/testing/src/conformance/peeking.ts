import assert from 'node:assert/strict'
import type { Sequence, Version } from '@holdfast/core'
import { assertFails } from './assert-fails.ts'
import { changeFor } from './change-for.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** `peek` gives what a read gives, or nothing; and nothing depends on its being there. */
export function peeking(check: Check): void {
  check('what a commit lost to is peeked at whole, or not at all', async (trial) => {
    const [winner, loser] = [await trial.openSequence(), await trial.openSequence()]
    await mustCommit(winner, { base: 0, data: { count: 0 } })
    await mustLoad(loser)
    for (let base = 1; base < 7; base += 2) {
      await mustCommit(winner, { base, data: { count: base } })
      await mustCommit(winner, { base: base + 1, data: { count: base + 1 } })
      const late = changeFor(loser, { base, data: { count: -1 } })
      assert.deepStrictEqual(await loser.commit(late), { committed: false, newest: base + 2 })
      await assertPeek(loser, base)
    }
  })

  check('what is peeked at is nobody else’s', async (trial) => {
    const [winner, loser] = [await trial.openSequence(), await trial.openSequence()]
    await mustCommit(winner, { base: 0, data: [] })
    await mustLoad(loser)
    await mustCommit(winner, { base: 1, data: [1] })
    await loser.commit(changeFor(loser, { base: 1, data: [2] }))
    for (const { patches } of loser.peek?.(1) ?? []) {
      for (const patch of patches) Object.assign(patch, { value: 'spoilt' })
    }
    assert.doesNotMatch(JSON.stringify(await loser.read(1)), /spoilt/u)
    await assertPeek(loser, 1)
  })

  check('peek of a closed sequence throws CLOSED', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: 1 })
    await sequence.close()
    if (sequence.peek === undefined) return
    await assertFails(async () => sequence.peek?.(0), { code: 'CLOSED', state: stateName })
  })
}

async function assertPeek(sequence: Sequence, since: Version): Promise<void> {
  const changes = sequence.peek?.(since) ?? null
  if (changes === null) return
  assert.deepStrictEqual({ changes }, await sequence.read(since))
}
