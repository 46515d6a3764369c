import { getEventListeners } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
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
  const gate = held()
  stored.answers.push(gate.answer, failing())
  const outcomes: string[] = []
  const note = (name: string, update: Promise<unknown>): void => {
    update.then(
      () => outcomes.push(`${name} durable`),
      () => outcomes.push(`${name} failed`),
    )
  }
  note(
    'first',
    state.update((draft) => ++draft.n),
  )
  await gate.begun
  note(
    'second',
    state.update((draft) => ++draft.n),
  )
  note('refresh', state.refresh())
  const settled = state.settled().then(() => [...outcomes])
  note(
    'later',
    state.update((draft) => ++draft.n),
  )
  gate.release()
  expect((await settled).slice(0, 3).toSorted()).toEqual([
    'first durable',
    'refresh durable',
    'second failed',
  ])
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

test('an update that nobody awaits ends no process, whatever becomes of it', async () => {
  const { state, stored } = await openCounter()
  const unhandled: unknown[] = []
  const listener = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', listener)
  onTestFinished(() => void process.off('unhandledRejection', listener))
  const refuse = (): never => {
    throw new Error('refused')
  }
  void state.update((draft) => ++draft.n)
  await state.settled()
  stored.answers.push(failing())
  void state.update((draft) => ++draft.n)
  await state.settled()
  void state.update(refuse)
  void state.update((draft) => ++draft.n, { signal: AbortSignal.abort() })
  await state.settled()
  await state.close()
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(unhandled).toEqual([])
  expect(state.value.n).toBe(1)
})

test('a signal is let go of when its update is over', async () => {
  const { state, stored } = await openCounter()
  const { signal } = new AbortController()
  await state.update((draft) => ++draft.n, { signal })
  stored.answers.push(failing())
  await expect(state.update((draft) => ++draft.n, { signal })).rejects.toMatchObject({
    code: 'IO',
  })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
