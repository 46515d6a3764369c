import assert from 'node:assert/strict'
import type { Change, PendingChange, Sequence } from '@holdfast/core'
import { assertChange } from './assert-change.ts'
import { assertFails } from './assert-fails.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { stateName, Trial, type Check } from './trial.ts'

/** The past is read back newest first where that is claimed, and refused where it is not. */
export function history(check: Check): void {
  const checkHistory = (title: string, body: (past: Past) => Promise<void>): void => {
    check(`${title}; or history is refused with UNSUPPORTED`, async (trial) => {
      const backend = await trial.open()
      const sequence = await backend.open(stateName)
      if (backend.capabilities.history) {
        await body({ trial, sequence })
      } else {
        const expected = { code: 'UNSUPPORTED', state: stateName } as const
        await assertFails(() => collect(sequence.history()), expected)
        await mustCommit(sequence, { base: 0, data: 1 })
        await assertFails(() => collect(sequence.history()), expected)
      }
    })
  }

  checkHistory('a state never written has no history', async ({ sequence }) => {
    assert.deepStrictEqual(await collect(sequence.history()), [])
  })

  checkHistory('versions descend strictly, without one that is not there', async (past) => {
    await commitFive(past.sequence)
    for (const reader of [past.sequence, await past.trial.openSequence()]) {
      const versions = (await collect(reader.history())).map(({ version }) => version)
      const descending = [...new Set(versions)].toSorted((one, other) => other - one)
      assert.deepStrictEqual(versions, descending)
      assert.ok(versions.every((version) => version >= 1 && version <= 5))
    }
  })

  checkHistory('versions older than the newest are kept', async ({ sequence }) => {
    await commitFive(sequence)
    const items = await collect(sequence.history())
    assert.ok(items.some(({ version }) => version < 5))
  })

  checkHistory('each item is what was committed as its version', async (past) => {
    const changes = await commitFive(past.sequence)
    for (const reader of [past.sequence, await past.trial.openSequence()]) {
      const items = await collect(reader.history())
      assert.notEqual(items.length, 0)
      for (const item of items) {
        const change = changes[item.version - 1] ?? assert.fail(`version ${item.version}`)
        if ('patches' in item) assertChange(item, change)
        else assert.equal(JSON.stringify(item.data), change.document())
      }
    }
  })

  checkHistory('changes that stand side by side have no gap between them', async ({ sequence }) => {
    await commitFive(sequence)
    let newer: Change | undefined
    for (const item of await collect(sequence.history())) {
      const change = 'patches' in item ? item : undefined
      if (newer !== undefined && change !== undefined) assert.equal(change.version, newer.base)
      newer = change
    }
  })
}

interface Past {
  readonly trial: Trial
  readonly sequence: Sequence
}

async function commitFive(sequence: Sequence): Promise<PendingChange[]> {
  const changes: PendingChange[] = []
  for (let base = 0; base < 5; base += 1) {
    changes.push(await mustCommit(sequence, { base, data: { count: base }, schema: base + 1 }))
  }
  return changes
}
