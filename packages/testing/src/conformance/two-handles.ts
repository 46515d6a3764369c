import assert from 'node:assert/strict'
import type { Change, Json, Sequence } from '@holdfast/core'
import { assertChange } from './assert-change.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

/** Handles on one place show each other what was acknowledged, at once. */
export function twoHandles(check: Check): void {
  check('a handle opened before the first commit sees it', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    assert.equal(await reader.load(), null)
    await mustCommit(writer, { base: 0, data: { a: 1 } })
    assert.deepStrictEqual((await mustLoad(reader)).data, { a: 1 })
    assert.deepStrictEqual(await collect((await trial.open()).list()), [stateName])
  })

  check('a commit builds on what another handle committed', async (trial) => {
    const [one, other] = [await trial.openSequence(), await trial.openSequence()]
    for (let base = 0; base < 10; base += 2) {
      await mustCommit(one, { base, data: { base } })
      await mustCommit(other, { base: base + 1, data: { base: base + 1 } })
    }
    assert.equal((await mustLoad(one)).version, 10)
  })

  check('a read includes every commit that was acknowledged before it', async (trial) => {
    const [one, other] = [await trial.openSequence(), await trial.openSequence()]
    for (let base = 0; base < 10; base += 1) {
      const [writer, reader] = base % 2 === 0 ? [one, other] : [other, one]
      const change = await mustCommit(writer, { base, data: base })
      for (const sequence of [writer, reader]) await assertFollows(sequence, base, [change], base)
    }
  })

  check('a read from any version gives what follows it without a gap', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    const changes: Change[] = []
    let previous: Json = { count: 0 }
    changes.push(await mustCommit(writer, { base: 0, data: previous }))
    for (let base = 1; base < 8; base += 1) {
      const data = { count: base, [`key ${base}`]: [base] }
      changes.push(await mustCommit(writer, { base, data, previous }))
      previous = data
    }
    for (const sequence of [writer, reader]) {
      for (let since = 0; since < 8; since += 1) {
        await assertFollows(sequence, since, changes.slice(since), previous)
      }
    }
  })

  check('nothing follows the newest version', async (trial) => {
    const [writer, reader] = [await trial.openSequence(), await trial.openSequence()]
    for (let base = 0; base < 3; base += 1) {
      await mustCommit(writer, { base, data: base })
      for (const sequence of [writer, reader]) {
        assert.deepStrictEqual(await sequence.read(base + 1), { changes: [] })
      }
    }
  })

  check('two sequences of one handle see each other', async (trial) => {
    const backend = await trial.open()
    const [one, other] = [await backend.open(stateName), await backend.open(stateName)]
    await mustCommit(one, { base: 0, data: 'one' })
    await mustCommit(other, { base: 1, data: 'other' })
    assert.equal((await mustLoad(one)).data, 'other')
  })
}

/** Asserts that what follows `since` is exactly `changes`, or a snapshot of `newest` after them. */
async function assertFollows(
  sequence: Sequence,
  since: number,
  changes: readonly Change[],
  newest: Json,
): Promise<void> {
  const result = await sequence.read(since)
  if ('changes' in result) {
    assert.equal(result.changes.length, changes.length, `changes that follow ${since}`)
    for (const [index, change] of changes.entries()) assertChange(result.changes[index], change)
  } else {
    const { version, data } = result.snapshot
    assert.deepStrictEqual({ version, data }, { version: changes.at(-1)?.version, data: newest })
  }
}
