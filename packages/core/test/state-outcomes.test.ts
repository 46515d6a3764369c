import { expect, test } from 'vitest'
import { HoldfastError } from '../src/index.ts'
import { openCounter } from './support/open-counter.ts'
import { failing, held, losingTheAnswer } from './support/scripted-backend.ts'

test('a commit whose answer was lost but which landed is found by its id and acknowledged once', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.answers.push(losingTheAnswer(true))
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(2)
  expect([state.value.n, state.version, stored.changes.length]).toEqual([2, 2, 2])
})

test('a commit whose answer was lost and which did not land is made again, with the same id', async () => {
  const { state, stored } = await openCounter()
  const ids: string[] = []
  stored.answers.push(
    (change, land) => {
      ids.push(change.id)
      return losingTheAnswer(false)(change, land)
    },
    (change, land) => {
      ids.push(change.id)
      return Promise.resolve(land())
    },
  )
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(1)
  expect(ids).toHaveLength(2)
  expect(ids[0]).toBe(ids[1])
  expect(stored.document).toMatchObject({ n: 1 })
})

test('a lost answer with another writer in the place is a conflict, and the update is made on top', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.answers.push((change, land) => {
    stored.landForeign([{ op: 'replace', path: '/n', value: 10 }])
    return losingTheAnswer(false)(change, land)
  })
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(11)
  expect(stored.document).toMatchObject({ n: 11 })
})

test('without history a lost answer is settled by the writer of the next version', async () => {
  const { state, stored } = await openCounter()
  stored.isHistoryKept = false
  await state.update((draft) => void draft.n++)
  stored.answers.push(losingTheAnswer(true))
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(2)
})

test('when nothing can tell the outcome, the update rejects with committed "unknown" and is not repeated', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.answers.push((change, land) => {
    stored.readError = new HoldfastError('IO', 'as scripted')
    return losingTheAnswer(true)(change, land)
  })
  const error = await state.update((draft) => ++draft.n).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', committed: 'unknown' })
  stored.readError = undefined
  // It had landed: the next update finds it there, and builds on it.
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(3)
  expect(stored.document).toMatchObject({ n: 3 })
})

test('an error after the change is in place rejects, keeps the change, and the next update builds on it', async () => {
  const { state, stored } = await openCounter()
  stored.answers.push((_change, land) => {
    land()
    return Promise.reject(new HoldfastError('IO', 'directory not synced', { committed: true }))
  })
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ committed: true })
  expect([state.value.n, state.version]).toEqual([1, 1])
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(2)
})

test('after a failed commit the document is what is stored, and the next update goes on', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.log.push('kept'))
  stored.answers.push(failing())
  await expect(state.update((draft) => void draft.log.pop())).rejects.toMatchObject({ code: 'IO' })
  expect(state.value.log).toEqual(['kept'])
  await state.update((draft) => void draft.n++)
  expect(stored.document).toEqual({ n: 1, log: ['kept'], m: {} })
})

test('an update that loses for ever ends with CONFLICT, and nothing of it stays', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  const losing = () => {
    stored.landForeign([{ op: 'replace', path: '/n', value: 0 }])
    stored.answers.push(losing)
    return Promise.resolve({ committed: false, newest: stored.version } as const)
  }
  stored.answers.push(losing)
  const error = await state.update((draft) => ++draft.n).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'CONFLICT', state: 'bot', committed: false })
  expect(state.value.n).toBe(0)
})

test('a state that was removed underneath is a CONFLICT, not a new beginning', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.changes.length = 0
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(stored.changes).toEqual([])
})

test('a state that was put back to an older version is a CONFLICT that says so', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  await state.update((draft) => void draft.n++)
  stored.changes.pop()
  await expect(state.update((draft) => ++draft.n)).rejects.toThrow(/put back to an older version/)
  expect(stored.changes).toHaveLength(1)
})

test('another writer with a newer schema ends in NEWER_SCHEMA, and the document stays usable for reading', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.landForeign([{ op: 'replace', path: '', value: { other: 1 } }], 2)
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'NEWER_SCHEMA' })
  expect(state.value).toEqual({ n: 1, log: [], m: {} })
  expect(stored.document).toEqual({ other: 1 })
})

test('a foreign change that does not fit is an error; once the store is mended, refresh goes on', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.landForeign([{ op: 'replace', path: '/n', value: 'text' }])
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'INVALID' })
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'INVALID' })
  stored.landForeign([{ op: 'replace', path: '/n', value: 5 }])
  await expect(state.refresh()).resolves.toBe(3)
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(6)
})

test('the document text of a change is the document after it, whatever was updated meanwhile', async () => {
  const { state, stored } = await openCounter()
  const texts: string[] = []
  const gate = held()
  stored.answers.push(async (change, land) => {
    const result = await gate.answer(change, land)
    texts.push(change.document())
    return result
  })
  const first = state.update((draft) => void draft.log.push('first'))
  await gate.begun
  const second = state.update((draft) => {
    draft.log.splice(0, 1, 'second')
    draft.m['k'] = 1
    draft.n = 7
  })
  gate.release()
  await first
  expect(state.value).toEqual({ n: 7, log: ['second'], m: { k: 1 } })
  await second
  expect(JSON.parse(texts[0] ?? '')).toEqual({ n: 0, log: ['first'], m: {} })
  expect(stored.document).toEqual({ n: 7, log: ['second'], m: { k: 1 } })
})

test('an aborted signal takes an update back before its commit has begun, and not after', async () => {
  const { state, stored } = await openCounter()
  const gate = held()
  stored.answers.push(gate.answer)
  const controller = new AbortController()
  const { signal } = controller
  const begun = state.update((draft) => void draft.log.push('begun'), { signal })
  await gate.begun
  const waiting = state.update((draft) => void draft.log.push('waiting'), { signal })
  const after = state.update((draft) => void draft.log.push('after'))
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  gate.release()
  await Promise.all([begun, after])
  expect(stored.document).toMatchObject({ log: ['begun', 'after'] })
  const late = state.update((draft) => void draft.log.push('late'), { signal })
  await expect(late).rejects.toThrow('enough')
})
