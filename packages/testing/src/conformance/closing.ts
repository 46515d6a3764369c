import assert from 'node:assert/strict'
import type { Backend, Sequence } from '@holdfast/core'
import { pendingChange } from '../pending-change.ts'
import { changeFor } from './change-for.ts'
import { assertFails } from './assert-fails.ts'
import { collect } from './collect.ts'
import { mustCommit } from './must-commit.ts'
import { mustLoad } from './must-load.ts'
import { stateName, type Check } from './trial.ts'

const sequenceMethods: Readonly<Record<string, (sequence: Sequence) => unknown>> = {
  load: (sequence) => sequence.load(),
  read: (sequence) => sequence.read(0),
  onHint: (sequence) => sequence.onHint(() => undefined),
  history: (sequence) => collect(sequence.history()),
}

const backendMethods: Readonly<Record<string, (backend: Backend) => unknown>> = {
  open: (backend) => backend.open(stateName),
  remove: (backend) => backend.remove(stateName),
  list: (backend) => collect(backend.list()),
}

const waysToClose: Readonly<Record<string, (closable: Backend | Sequence) => Promise<void>>> = {
  close: (closable) => closable.close(),
  asyncDispose: async (closable) => closable[Symbol.asyncDispose](),
}

/** Close waits for what is under way and refuses what comes after; twice is once. */
export function closing(check: Check): void {
  for (const [method, call] of Object.entries(sequenceMethods)) {
    check(`${method} of a closed sequence throws CLOSED`, async (trial) => {
      const sequence = await trial.openSequence()
      await mustCommit(sequence, { base: 0, data: 1 })
      await sequence.close()
      await assertFails(() => call(sequence), { code: 'CLOSED', state: stateName })
    })
  }

  check('commit of a closed sequence throws CLOSED and commits nothing', async (trial) => {
    const sequence = await trial.openSequence()
    await mustCommit(sequence, { base: 0, data: 1 })
    await sequence.close()
    const commit = (): unknown => sequence.commit(pendingChange({ base: 1, data: 2 }))
    await assertFails(commit, { code: 'CLOSED', state: stateName, committed: false })
    assert.equal((await mustLoad(await trial.openSequence())).data, 1)
  })

  for (const [method, call] of Object.entries(backendMethods)) {
    check(`${method} of a closed backend throws CLOSED`, async (trial) => {
      const backend = await trial.open()
      await mustCommit(await backend.open(stateName), { base: 0, data: 1 })
      await backend.close()
      await assertFails(() => call(backend), { code: 'CLOSED' })
      assert.equal((await mustLoad(await trial.openSequence())).data, 1)
    })
  }

  for (const [way, close] of Object.entries(waysToClose)) {
    check(`closing twice, by ${way}, is the same as once`, async (trial) => {
      const backend = await trial.open()
      const sequence = await backend.open(stateName)
      for (const closable of [sequence, backend]) {
        await Promise.all([close(closable), close(closable)])
        await close(closable)
      }
      await assertFails(() => sequence.load(), { code: 'CLOSED' })
      await assertFails(() => backend.open(stateName), { code: 'CLOSED' })
    })

    check(`closing a backend, by ${way}, closes its sequences`, async (trial) => {
      const backend = await trial.open()
      const sequences = [await backend.open(stateName), await backend.open('other')]
      await close(backend)
      for (const sequence of sequences) {
        await assertFails(() => sequence.load(), { code: 'CLOSED' })
        const commit = (): unknown => sequence.commit(pendingChange({ base: 0, data: 1 }))
        await assertFails(commit, { code: 'CLOSED', committed: false })
        await sequence.close()
      }
    })
  }

  check('closing one sequence or handle leaves the others open', async (trial) => {
    const [backend, other] = [await trial.open(), await trial.open()]
    const [closed, open] = [await backend.open(stateName), await backend.open(stateName)]
    const elsewhere = await other.open(stateName)
    await closed.close()
    await mustCommit(open, { base: 0, data: 1 })
    await backend.close()
    await mustCommit(elsewhere, { base: 1, data: 2 })
    assert.equal((await mustLoad(elsewhere)).data, 2)
  })

  for (const what of ['sequence', 'backend'] as const) {
    check(`close of a ${what} waits for the commit under way`, async (trial) => {
      const backend = await trial.open()
      const sequence = await backend.open(stateName)
      let result: unknown = 'still under way'
      const committing = sequence
        .commit(changeFor(sequence, { base: 0, data: 1 }))
        .then((settled) => {
          result = settled
          return settled
        })
      await (what === 'sequence' ? sequence : backend).close()
      await microtasks()
      const resultAtClose = result
      await committing
      assert.deepStrictEqual(resultAtClose, { committed: true })
      assert.equal((await mustLoad(await trial.openSequence())).data, 1)
    })
  }
}

/**
 * Lets promises that are settled already run their reactions. No input or output goes on meanwhile,
 * so what a close did not wait for is still under way afterwards.
 */
async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
}
