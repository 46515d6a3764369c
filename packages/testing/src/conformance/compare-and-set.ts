import assert from 'node:assert/strict'
import type { CommitResult, Json, Sequence } from '@holdfast/core'
import { changeFor } from './change-for.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

/** Exactly one change can follow each version. */
export function compareAndSet(check: Check): void {
  check('each change on the newest version becomes the newest', async (trial) => {
    const sequence = await trial.openSequence()
    for (let base = 0; base < 5; base += 1) {
      await mustCommit(sequence, { base, data: { base } })
      const { version, data } = await mustLoad(sequence)
      assert.deepStrictEqual({ version, data }, { version: base + 1, data: { base } })
    }
  })

  for (const base of [1, 2, 1000]) {
    check(`base ${base} on a state never written is a conflict with newest 0`, async (trial) => {
      const sequence = await trial.openSequence()
      await assertConflict(sequence, base, 0)
      assert.equal(await sequence.load(), null)
    })
  }

  for (const base of [0, 1, 2, 4, 5, 1000]) {
    check(`base ${base} at version 3 is a conflict and changes nothing`, async (trial) => {
      const sequence = await trial.openSequence()
      for (let version = 0; version < 3; version += 1) {
        await mustCommit(sequence, { base: version, data: { version } })
      }
      const before = await mustLoad(sequence)
      await assertConflict(sequence, base, 3)
      await assertConflict(await trial.openSequence(), base, 3)
      assert.deepStrictEqual(await mustLoad(sequence), before)
    })
  }

  check('the same change committed again is a conflict', async (trial) => {
    const sequence = await trial.openSequence()
    const change = await mustCommit(sequence, { base: 0, data: { a: 1 } })
    assert.deepStrictEqual(await sequence.commit(change), { committed: false, newest: 1 })
  })

  check('after a conflict, a change on the newest version counts', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: { a: 1 } })
    await assertConflict(sequence, 0, 1)
    await mustCommit(sequence, { base: 1, data: { a: 2 } })
    assert.deepStrictEqual((await mustLoad(sequence)).data, { a: 2 })
  })

  for (const handles of [1, 2, 8]) {
    check(
      `of 16 changes at once on one base, by ${handles} handle(s), one counts`,
      async (trial) => {
        const sequences = await openSequences(handles, () => trial.openSequence())
        for (let base = 0; base < 3; base += 1) await assertOneWins(sequences, base)
      },
    )
  }

  check('counters raised by two handles at once lose no step', async (trial) => {
    const sequences = await openSequences(2, () => trial.openSequence())
    await Promise.all(sequences.map((sequence) => raise(sequence, 20)))
    const { version, data } = await mustLoad(await trial.openSequence())
    assert.deepStrictEqual({ version, data }, { version: 40, data: 40 })
  })
}

async function assertConflict(sequence: Sequence, base: number, newest: number): Promise<void> {
  const result = await sequence.commit(changeFor(sequence, { base, data: 'must not be seen' }))
  assert.deepStrictEqual(result, { committed: false, newest })
}

async function openSequences(count: number, open: () => Promise<Sequence>): Promise<Sequence[]> {
  const sequences: Sequence[] = []
  while (sequences.length < count) sequences.push(await open())
  return sequences
}

async function assertOneWins(sequences: readonly Sequence[], base: number): Promise<void> {
  const attempts = Array.from({ length: 16 }, async (_, writer): Promise<CommitResult> => {
    const sequence = sequences[writer % sequences.length] ?? assert.fail()
    return sequence.commit(
      changeFor(sequence, { base, data: { writer }, writer: `host/1/${writer}` }),
    )
  })
  const results = await Promise.all(attempts)
  const winners = [...results.keys()].filter((writer) => results[writer]?.committed)
  assert.equal(winners.length, 1, `changes that count: ${winners.join(', ')}`)
  for (const result of results) {
    if (!result.committed) assert.equal(result.newest, base + 1)
  }
  for (const sequence of sequences) {
    const { version, data } = await mustLoad(sequence)
    assert.deepStrictEqual({ version, data }, { version: base + 1, data: { writer: winners[0] } })
  }
}

/**
 * Adds 1 to the state `times` times, each on what it loaded, again after each conflict. Every conflict
 * is another's progress, so there are no more of them than steps of the others.
 */
async function raise(sequence: Sequence, times: number): Promise<void> {
  let done = 0
  for (let attempt = 0; done < times; attempt += 1) {
    assert.ok(attempt < 10 * times, 'conflicts without end')
    const snapshot = await sequence.load()
    const count: Json = snapshot?.data ?? 0
    assert.ok(typeof count === 'number')
    const change = changeFor(sequence, { base: snapshot?.version ?? 0, data: count + 1 })
    if ((await sequence.commit(change)).committed) done += 1
  }
}
