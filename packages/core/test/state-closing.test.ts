import { expect, test } from 'vitest'
import { openCounter } from './support/open-counter.ts'
import { failing, held } from './support/scripted-backend.ts'

test('close waits for what is under way, refuses what comes after, and is idempotent', async () => {
  const { state, stored } = await openCounter()
  const gate = held()
  stored.answers.push(gate.answer)
  const update = state.update((draft) => ++draft.n)
  await gate.begun
  const queued = state.update((draft) => ++draft.n)
  const closing = Promise.all([state.close(), state.close()])
  const refused = state.update((draft) => ++draft.n)
  await expect(refused).rejects.toMatchObject({ code: 'CLOSED', state: 'bot' })
  expect(stored.calls).not.toContain('close')
  gate.release()
  await closing
  await expect(Promise.all([update, queued])).resolves.toEqual([1, 2])
  expect(stored.document).toMatchObject({ n: 2 })
  expect(stored.calls.filter((call) => call === 'close')).toHaveLength(1)
  await expect(state.refresh()).rejects.toMatchObject({ code: 'CLOSED' })
  expect(() => state.subscribe(() => {})).toThrow(expect.objectContaining({ code: 'CLOSED' }))
})

test('settled() resolves when everything begun is durable or has failed, and never rejects', async () => {
  const { state, stored } = await openCounter()
  stored.answers.push(failing())
  const outcomes: string[] = []
  const failed = state
    .update((draft) => ++draft.n)
    .then(
      () => outcomes.push('durable'),
      () => outcomes.push('failed'),
    )
  await state.settled()
  await failed
  expect(outcomes).toEqual(['failed'])
})

test('closing the store closes its states and the backend; afterwards it refuses', async () => {
  const { state, store, backend } = await openCounter()
  const update = state.update((draft) => ++draft.n)
  await store.close()
  await expect(update).resolves.toBe(1)
  expect(backend.isClosed).toBe(true)
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'CLOSED' })
  await expect(store.remove('bot')).rejects.toMatchObject({ code: 'CLOSED' })
  await store.close()
})

test('an update that nobody awaits raises no unhandled rejection through close or settled', async () => {
  const { state } = await openCounter()
  const unhandled: unknown[] = []
  const listener = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', listener)
  const handled = state.update((draft) => ++draft.n)
  await state.settled()
  await state.close()
  await handled
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  process.off('unhandledRejection', listener)
  expect(unhandled).toEqual([])
})
