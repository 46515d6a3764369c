import assert from 'node:assert/strict'
import type { PendingChangeOptions } from '../pending-change.ts'
import { assertChange } from './assert-change.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import type { Check } from './trial.ts'

const first: PendingChangeOptions = {
  base: 0,
  data: { a: 1 },
  schema: 3,
  writer: 'host one/4711/5f3a9c',
  at: '2026-11-22T10:00:00.123Z',
}
const second: PendingChangeOptions = {
  base: 1,
  data: { a: 2 },
  schema: 7,
  writer: 'höst-2/1/00',
  at: '1999-12-31T23:59:59.999Z',
}

/** What stands around the document comes back with it. */
export function envelope(check: Check): void {
  for (const field of ['version', 'schema', 'writer', 'at'] as const) {
    check(`a snapshot carries the ${field} of the change that made it`, async (trial) => {
      const sequence = await trial.openSequence()
      await mustCommit(sequence, first)
      const change = await mustCommit(sequence, second)
      assert.equal((await mustLoad(sequence))[field], change[field])
      assert.equal((await mustLoad(await trial.openSequence()))[field], change[field])
    })
  }

  check('a document in good order is loaded without a recovery', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, first)
    assert.equal((await mustLoad(sequence, { onCorrupt: 'previous' })).recovery, undefined)
  })

  check('what is read back has every field as it was committed', async (trial) => {
    const sequence = await trial.openSequence()
    const changes = [await mustCommit(sequence, first), await mustCommit(sequence, second)]
    const other = await trial.openSequence()
    const result = await other.read(0)
    if ('changes' in result) {
      assert.equal(result.changes.length, 2)
      for (const [index, change] of changes.entries()) assertChange(result.changes[index], change)
    } else {
      const { schema, writer, at } = changes[1] ?? assert.fail()
      const { data } = second
      assert.deepStrictEqual(result.snapshot, { version: 2, data, schema, writer, at })
    }
  })
}
