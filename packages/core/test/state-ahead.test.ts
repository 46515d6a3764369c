import { expect, test } from 'vitest'
import type { Patch, StateChange } from '../src/index.ts'
import { openCounter, type OpenedCounter } from './support/open-counter.ts'
import { failing, held } from './support/scripted-backend.ts'

const five: readonly Patch[] = [{ op: 'replace', path: '/n', value: 5 }]

interface Followed extends OpenedCounter {
  readonly told: StateChange[]
}

/** A state at version 1 with a subscriber, that is about to lose a race to `five`. */
async function followed(): Promise<Followed> {
  const opened = await openCounter()
  const told: StateChange[] = []
  await opened.state.update((draft) => void draft.log.push('first'))
  opened.state.subscribe((change) => told.push(change))
  await opened.state.refresh()
  opened.stored.isPeekable = true
  opened.stored.landUnseen(five)
  opened.stored.calls.length = 0
  return { ...opened, told }
}

const versions = (told: readonly StateChange[]) =>
  told.map(({ version, origin }) => [version, origin])

test('what a lost race shows is built on without a read, and told when the commit on it is in', async () => {
  const { state, stored, told } = await followed()
  const second = held()
  stored.answers.push(async (_, land) => land(), second.answer)
  const updating = state.update((draft) => ++draft.n)
  await second.begun
  expect(state.value.n).toBe(6)
  expect(told).toEqual([])
  second.release()
  expect(await updating).toBe(6)
  expect(versions(told)).toEqual([
    [2, 'foreign'],
    [3, 'own'],
  ])
  expect(stored.calls).toEqual(['commit', 'commit'])
})

test('an update that finds nothing left to change resolves only when what it found was read', async () => {
  const { state, stored, told } = await followed()
  const claim = () => state.update((draft) => (draft.n === 5 ? 'taken' : void (draft.n = 5)))
  expect(await claim()).toBe('taken')
  expect(stored.calls).toEqual(['commit', 'read'])
  expect(versions(told)).toEqual([[2, 'foreign']])
})

test('such an update fails where that cannot be read', async () => {
  const { state, stored, told } = await followed()
  stored.readError = new Error('as scripted')
  const claim = state.update((draft) => (draft.n === 5 ? 'taken' : void (draft.n = 5)))
  await expect(claim).rejects.toThrow('as scripted')
  expect(told).toEqual([])
  stored.readError = undefined
  expect(await state.refresh()).toBe(2)
  expect(versions(told)).toEqual([[2, 'foreign']])
})

test('what came in ahead of a commit that failed is told by the next read, once', async () => {
  const { state, stored, told } = await followed()
  stored.answers.push(async (_, land) => land(), failing())
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'IO' })
  expect([state.value.n, told]).toEqual([5, []])
  await state.refresh()
  await state.refresh()
  expect(versions(told)).toEqual([[2, 'foreign']])
})

test('where the next read gives a snapshot, that is told instead', async () => {
  const { state, stored, told } = await followed()
  stored.answers.push(async (_, land) => land(), failing())
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'IO' })
  stored.landUnseen(five)
  stored.isHistoryKept = false
  await state.refresh()
  await state.refresh()
  expect(versions(told)).toEqual([[3, 'foreign']])
  expect(told[0]?.patches).toMatchObject([{ op: 'replace', path: '' }])
})

test('without a peek what came first is read', async () => {
  const { state, stored, told } = await followed()
  stored.isPeekable = false
  expect(await state.update((draft) => ++draft.n)).toBe(6)
  expect(stored.calls).toEqual(['commit', 'read', 'commit'])
  expect(versions(told)).toEqual([
    [2, 'foreign'],
    [3, 'own'],
  ])
})
