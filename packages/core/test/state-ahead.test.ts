import { expect, test } from 'vitest'
import type { Patch, StateChange } from '../src/index.ts'
import { deferred } from './support/deferred.ts'
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
  opened.stored.seen = 1
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
  stored.seen = null
  expect(await state.update((draft) => ++draft.n)).toBe(6)
  expect(stored.calls).toEqual(['commit', 'read', 'commit'])
  expect(versions(told)).toEqual([
    [2, 'foreign'],
    [3, 'own'],
  ])
})

test('what is at hand when an update is made is built on at once, and told when the commit on it is in', async () => {
  const { state, stored, told } = await followed()
  stored.see()
  const second = held()
  stored.answers.push(second.answer)
  let runs = 0
  const updating = state.update((draft) => {
    runs += 1
    return ++draft.n
  })
  await second.begun
  expect([state.value.n, told]).toEqual([6, []])
  second.release()
  expect([await updating, runs]).toEqual([6, 1])
  expect(versions(told)).toEqual([
    [2, 'foreign'],
    [3, 'own'],
  ])
  expect(stored.calls).toEqual(['commit'])
})

function mustBeBelowFive(draft: { n: number }): void {
  if (draft.n >= 5) throw new RangeError(`${draft.n} is too much`)
  draft.n += 1
}

test.each([
  ['at hand', ['read']],
  ['what a lost race shows', ['commit', 'read']],
])('an update that is refused because of %s is told so when that was read', async (what, calls) => {
  const { state, stored, told } = await followed()
  if (what === 'at hand') stored.see()
  const gate = deferred<undefined>()
  stored.readGate = gate.promise
  let isSettled = false
  const refused = state.update(mustBeBelowFive).finally(() => (isSettled = true))
  const settled = state.settled()
  await expect.poll(() => stored.calls).toEqual(calls)
  expect([isSettled, told]).toEqual([false, []])
  gate.resolve(undefined)
  await expect(refused).rejects.toThrow('5 is too much')
  await settled
  expect(versions(told)).toEqual([[2, 'foreign']])
})

test('it is told when a commit on top of that is in, too', async () => {
  const { state, stored } = await followed()
  stored.see()
  const refused = state.update(mustBeBelowFive)
  const done = state.update((draft) => ++draft.n)
  await expect(refused).rejects.toThrow('5 is too much')
  expect(await done).toBe(6)
  expect(stored.calls[0]).toBe('commit')
})

test('where what refused it cannot be read, an update fails with that', async () => {
  const { state, stored, told } = await followed()
  stored.see()
  stored.readError = new Error('as scripted')
  await expect(state.update(mustBeBelowFive)).rejects.toThrow('as scripted')
  stored.readError = undefined
  await expect(state.update(mustBeBelowFive)).rejects.toThrow('5 is too much')
  expect(versions(told)).toEqual([[2, 'foreign']])
})

test('an update beside a read takes in nothing of its own: each change comes once', async () => {
  const { state, stored, told } = await followed()
  const gate = deferred<undefined>()
  stored.readGate = gate.promise
  const refreshing = state.refresh()
  await expect.poll(() => stored.calls).toEqual(['read'])
  const updating = state.update((draft) => ++draft.n)
  gate.resolve(undefined)
  expect([await refreshing, await updating]).toEqual([2, 6])
  expect(versions(told)).toEqual([
    [2, 'foreign'],
    [3, 'own'],
  ])
})

test('what cannot be taken in of that fails the update, and is not written over', async () => {
  const { state, stored } = await followed()
  stored.landForeign([{ op: 'replace', path: '/n', value: 9 }], 2)
  stored.see()
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'NEWER_SCHEMA' })
  expect(stored.calls).not.toContain('commit')
})

test('a peek that fails leaves it to the commit to say what is wrong', async () => {
  const { state, stored } = await followed()
  stored.peekError = new Error('as scripted')
  stored.answers.push(failing())
  await expect(state.update((draft) => ++draft.n)).rejects.toMatchObject({ code: 'IO' })
})
