import { channel } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import type { StateChange } from '../src/index.ts'
import { deferred } from './support/deferred.ts'
import { openCounter } from './support/open-counter.ts'

test('a subscriber is told each commit once, in order, with its origin, until it unsubscribes', async () => {
  const { state, backend } = await openCounter()
  const other = (await openCounter(backend)).state
  const told: StateChange[] = []
  const unsubscribe = state.subscribe((change) => told.push(change))
  await state.update((draft) => ++draft.n)
  await other.update((draft) => ++draft.n)
  await state.refresh()
  unsubscribe()
  await state.update((draft) => ++draft.n)
  expect(told.map(({ version, origin }) => [version, origin])).toEqual([
    [1, 'own'],
    [2, 'foreign'],
  ])
  expect(told[1]?.patches).toEqual([{ op: 'replace', path: '/n', value: 2 }])
})

test('a subscriber may update from within: it is one more update', async () => {
  const { state } = await openCounter()
  const nested: Promise<unknown>[] = []
  state.subscribe((change) => {
    if (change.version < 3) nested.push(state.update((draft) => ++draft.n))
  })
  await state.update((draft) => ++draft.n)
  await state.settled()
  await Promise.all(nested)
  expect([state.value.n, state.version]).toEqual([3, 3])
})

test('a foreign commit reaches a follower by the hint alone', async () => {
  const { state, backend } = await openCounter()
  const other = (await openCounter(backend)).state
  const reached = deferred<number>()
  state.subscribe((change) => reached.resolve(change.version))
  await other.update((draft) => ++draft.n)
  await expect(reached.promise).resolves.toBe(1)
  expect(state.value.n).toBe(1)
})

test('changes() gives every version once from `since` on, kept and live, and ends with the signal', async () => {
  const { state, backend } = await openCounter()
  const other = (await openCounter(backend)).state
  for (let count = 0; count < 3; count++) await other.update((draft) => ++draft.n)
  await state.refresh()
  const controller = new AbortController()
  const versions: number[] = []
  for await (const change of state.changes({ since: 1, signal: controller.signal })) {
    versions.push(change.version)
    if (change.version === 3) void state.update((draft) => ++draft.n)
    if (change.version === 4) void other.update((draft) => ++draft.n)
    if (change.version === 5) controller.abort()
  }
  expect(versions).toEqual([2, 3, 4, 5])
})

test('changes() ends when the state is closed', async () => {
  const { state } = await openCounter()
  const seen: number[] = []
  const following = (async () => {
    for await (const change of state.changes()) seen.push(change.version)
  })()
  await state.update((draft) => ++draft.n)
  await state.close()
  await following
  expect(seen).toEqual([1])
})

test('a follower that lags further behind than memory keeps is served from the backend', async () => {
  const { state } = await openCounter()
  const changes = state.changes({ since: 0 })
  for (let count = 0; count < 700; count++) await state.update((draft) => ++draft.n)
  const versions: number[] = []
  for await (const change of changes) {
    versions.push(change.version)
    if (change.version === 700) break
  }
  expect(versions).toEqual(Array.from({ length: 700 }, (_, index) => index + 1))
})

test('without history a lagging follower is told the whole document as one step', async () => {
  const { state, stored, backend } = await openCounter()
  const other = (await openCounter(backend)).state
  stored.isHistoryKept = false
  await other.update((draft) => ++draft.n)
  await other.update((draft) => ++draft.n)
  const told: StateChange[] = []
  state.subscribe((change) => told.push(change))
  await state.refresh()
  expect(told).toEqual([
    {
      version: 2,
      origin: 'foreign',
      patches: [{ op: 'replace', path: '', value: { n: 2, log: [], m: {} } }],
    },
  ])
})

test('refresh takes in foreign commits under the updates that wait', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => ++draft.n)
  stored.landForeign([{ op: 'replace', path: '/n', value: 10 }])
  const refreshed = state.refresh()
  const updated = state.update((draft) => ++draft.n)
  await Promise.all([refreshed, updated])
  expect(await updated).toBe(11)
  expect(stored.document).toMatchObject({ n: 11 })
})

test('a listener that throws neither fails the update nor keeps the others from being told', async () => {
  const { state } = await openCounter()
  const thrown = new Error('listener')
  const surfaced = deferred<unknown>()
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.once('uncaughtException', (error) => surfaced.resolve(error))
  onTestFinished(() => {
    for (const listener of before) process.on('uncaughtException', listener)
  })
  const told: number[] = []
  state.subscribe(() => {
    throw thrown
  })
  state.subscribe((change) => told.push(change.version))
  await expect(state.update((draft) => ++draft.n)).resolves.toBe(1)
  expect(told).toEqual([1])
  expect(await surfaced.promise).toBe(thrown)
})

test('history() gives what the backend keeps, newest first', async () => {
  const { state } = await openCounter()
  await state.update((draft) => ++draft.n)
  await state.update((draft) => ++draft.n)
  const versions: number[] = []
  for await (const entry of state.history()) versions.push(entry.version)
  expect(versions).toEqual([2, 1])
})

test('commits and conflicts are told on diagnostics_channel, with durations', async () => {
  const messages: [string, object][] = []
  for (const name of ['holdfast:commit', 'holdfast:conflict']) {
    const listener = (message: unknown): void => void messages.push([name, message as object])
    channel(name).subscribe(listener)
    onTestFinished(() => {
      channel(name).unsubscribe(listener)
    })
  }
  const { state, stored } = await openCounter()
  await state.update((draft) => ++draft.n)
  stored.landForeign([{ op: 'replace', path: '/n', value: 10 }])
  await state.update((draft) => ++draft.n)
  expect(messages.map(([name]) => name)).toEqual([
    'holdfast:commit',
    'holdfast:conflict',
    'holdfast:commit',
  ])
  expect(messages[0]?.[1]).toMatchObject({
    state: 'bot',
    location: 'scripted:bot',
    version: 1,
    updates: 1,
  })
  expect(messages[1]?.[1]).toMatchObject({ base: 1, newest: 2, attempt: 1 })
  for (const [, message] of messages)
    expect(message).toHaveProperty('durationMs', expect.any(Number))
})
