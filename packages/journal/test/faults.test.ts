import { HoldfastError, openStore } from '@holdfast/core'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { journalModule, openJournalBackend, type CompactionEvent } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { meddledFileSystem, systemError } from './faults.ts'
import { count, line, Place } from './place.ts'

const always = { keep: 0, compactAfterBytes: 1, compactAfterRatio: 0.01 }

function noSpace(syscall = 'write'): Error {
  return systemError('ENOSPC', -28, syscall)
}

function compactions(): CompactionEvent[] {
  const events: CompactionEvent[] = []
  const listener = (message: unknown): void => void events.push(message as CompactionEvent)
  subscribe('holdfast:compaction', listener)
  onTestFinished(() => void unsubscribe('holdfast:compaction', listener))
  return events
}

test.each([
  ['takes nothing', 0],
  ['takes a piece of the line', 20],
  ['takes all but the newline', -1],
])(
  'a disk that fills and %s costs that update alone, with NO_SPACE, and the journal goes on',
  async (_, taken) => {
    const place = new Place()
    await place.write(2)
    let isFull = false
    const fileSystem = meddledFileSystem((call, proceed) => {
      if (!isFull || call.method !== 'write') return proceed()
      if (taken === 0 || call.data.length < 20) throw noSpace()
      return proceed(call.data.subarray(0, taken < 0 ? call.data.length + taken : taken))
    })
    const sequence = await place.open({ durability: 'power' }, { fileSystem })
    await sequence.load()
    isFull = true
    await expectFailure(sequence.commit(count(2, 3)), 'NO_SPACE', { committed: false })
    await expectFailure(sequence.commit(count(2, 3)), 'NO_SPACE', { committed: false })
    isFull = false
    expect(await sequence.read(2)).toEqual({ changes: [] })
    expect(await sequence.commit(count(2, 3))).toEqual({ committed: true })
    const reader = await place.open()
    expect(await reader.load()).toMatchObject({ version: 3, data: { n: 3 } })
  },
)

test.each(['write', 'fstat'] as const)(
  'a flush that fails while another call of the append does, a %s, is not forgotten: the journal goes on in a new file',
  async (method) => {
    const place = new Place()
    await place.write(2)
    let isBroken = false
    const fileSystem = meddledFileSystem(async (call, proceed) => {
      if (!isBroken) return proceed()
      if (call.method === 'write' && call.data.length > 20) {
        return method === 'write' ? proceed(call.data.subarray(0, 20)) : proceed()
      }
      if (call.method === method) {
        isBroken = false
        throw noSpace(method)
      }
      if (call.method !== 'fdatasync') return proceed()
      await new Promise((resolve) => setTimeout(resolve, 10))
      throw systemError('EIO', -5, 'fdatasync')
    })
    const sequence = await place.open({ durability: 'power' }, { fileSystem })
    await sequence.load()
    await sequence.commit(count(2, 3))
    isBroken = true
    await expect(sequence.commit(count(3, 4))).rejects.toThrow(HoldfastError)
    await sequence.read(3)
    expect(place.names()).toContain('00000002.jsonl')
  },
)

test('a disk that is full at any write of commits and compactions loses nothing that was acknowledged, and never wedges the journal', async () => {
  const failed = { updates: 0, compactions: 0 }
  const events = compactions()
  let writes = Number.POSITIVE_INFINITY
  for (let full = 1; full <= writes + 1; full += 1) {
    const place = new Place()
    let made = 0
    let isFull = false
    const fileSystem = meddledFileSystem((call, proceed) => {
      if (call.method !== 'write') return proceed()
      made += 1
      if (made >= full && made < full + 2) isFull = true
      else isFull = false
      if (isFull) throw noSpace()
      return proceed()
    })
    const sequence = await place.open(always, { fileSystem })
    for (let step = 0; step < 4; step += 1) {
      const snapshot = await sequence.load()
      const { n } = (snapshot?.data ?? { n: 0 }) as { n: number }
      try {
        await sequence.commit(count(snapshot?.version ?? 0, n + 1))
      } catch (error) {
        if (!HoldfastError.is(error, 'NO_SPACE') || error.committed !== false) throw error
        failed.updates += 1
        step -= 1
      }
    }
    await sequence.close()
    const reader = await place.open()
    expect((await reader.load())?.data, `full at write ${full}`).toEqual({ n: 4 })
    if (writes === Number.POSITIVE_INFINITY) writes = 12
  }
  failed.compactions = events.filter(({ error }) => error !== null).length
  expect(failed.updates).toBeGreaterThan(4)
  expect(failed.compactions).toBeGreaterThan(4)
})

test('a compaction that fails is told, fails no update, and is tried again when the changes have grown', async () => {
  const events = compactions()
  const place = new Place()
  let attempts = 0
  const fileSystem = meddledFileSystem((call, proceed) => {
    if (call.method === 'write' && call.path.endsWith('.tmp') && !call.path.includes('00000001')) {
      attempts += 1
      throw noSpace()
    }
    return proceed()
  })
  const sequence = await place.open(
    { compactAfterBytes: 400, compactAfterRatio: 0.01 },
    { fileSystem },
  )
  for (let n = 1; n <= 60; n += 1) await sequence.commit(count(n - 1, n))
  expect(events.every(({ error }) => error !== null)).toBe(true)
  expect(attempts).toBeGreaterThan(2)
  expect(attempts).toBeLessThan(8)
  expect(events.length).toBe(attempts)
})

test.each([
  ['before anything was written', false],
  ['although the line is in the file', true],
])(
  'an append that fails %s is OUTCOME_UNKNOWN, and what is read afterwards stands in a new file',
  async (_, isWritten) => {
    const place = new Place()
    await place.write(2)
    let isBroken = false
    const fileSystem = meddledFileSystem(async (call, proceed) => {
      const isAppend = call.method === 'write' && call.path.endsWith('00000001.jsonl')
      if (!isBroken || !isAppend) return proceed()
      isBroken = false
      if (isWritten) await proceed()
      throw systemError('EIO', -5, 'write')
    })
    const sequence = await place.open({ durability: 'power' }, { fileSystem })
    await sequence.load()
    isBroken = true
    const change = count(2, 3)
    await expectFailure(sequence.commit(change), 'OUTCOME_UNKNOWN')
    const read = await sequence.read(2)
    if (!('changes' in read)) throw new Error('changes were expected')
    expect(read.changes[0]?.id === change.id).toBe(isWritten)
    expect(place.names()).toContain('00000002.jsonl')
    const reader = await place.open()
    expect((await reader.load())?.data).toEqual({ n: isWritten ? 3 : 2 })
  },
)

test('an fsync that fails once costs no update of a state: it goes on in a new file', async () => {
  const place = new Place()
  let isBroken = false
  const fileSystem = meddledFileSystem(async (call, proceed) => {
    if (!isBroken || call.method !== 'write' || !call.path.endsWith('.jsonl')) return proceed()
    isBroken = false
    await proceed()
    throw systemError('EIO', -5, 'write')
  })
  const backend = {
    ...journalModule,
    open: () => openJournalBackend({ directory: place.directory }, { fileSystem }),
  }
  await using store = await openStore(`journal:${place.directory}`, { backends: [backend] })
  const state = await store.open('trading', {
    schema: z.object({ n: z.number() }),
    initial: () => ({ n: 0 }),
  })
  for (let n = 1; n <= 6; n += 1) {
    isBroken = n === 3
    await state.update((draft) => {
      draft.n += 1
    })
  }
  expect(state.value).toEqual({ n: 6 })
  const reader = await place.open()
  expect((await reader.load())?.data).toEqual({ n: 6 })
  expect(place.names()).toContain('00000002.jsonl')
})

test('where the directory cannot be synced a commit with durability power is UNSUPPORTED', async () => {
  const place = new Place()
  const fileSystem = meddledFileSystem((call, proceed) => {
    if (call.method === 'fsync' && call.directory) throw systemError('EINVAL', -22, 'fsync')
    return proceed()
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await expectFailure(sequence.commit(count(0, 1)), 'UNSUPPORTED', { committed: false })
})

test('a first commit whose directory cannot be synced after the link is OUTCOME_UNKNOWN, and reading settles it', async () => {
  const place = new Place()
  let [isLinked, hasFailed] = [false, false]
  const fileSystem = meddledFileSystem((call, proceed) => {
    if (isLinked && !hasFailed && call.method === 'fsync' && call.directory) {
      hasFailed = true
      throw systemError('EIO', -5, 'fsync')
    }
    isLinked ||= call.method === 'link'
    return proceed()
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await expectFailure(sequence.commit(count(0, 1)), 'OUTCOME_UNKNOWN', { state: 'trading' })
  // Its name may be lost although the next sync succeeds: what it holds goes on under a new one.
  expect(await sequence.read(0)).toMatchObject({ snapshot: { data: { n: 1 } } })
  expect(place.names()).toContain('00000002.jsonl')
})

test('a file system without hard links is UNSUPPORTED, and nothing is there afterwards', async () => {
  const place = new Place()
  const fileSystem = meddledFileSystem((call, proceed) => {
    if (call.method === 'link') throw systemError('EPERM', -1, 'link')
    return proceed()
  })
  const sequence = await place.open({}, { fileSystem })
  await expectFailure(sequence.commit(count(0, 1)), 'UNSUPPORTED', { committed: false })
  expect(place.names()).toEqual([])
  expect(await sequence.load()).toBe(null)
})

test('an owner is obeyed: who is not it may not write', async () => {
  const place = new Place()
  await place.write(1)
  const claim = {
    base: 1,
    version: 2,
    at: '2026-01-01T00:00:00.000Z',
    writer: 'x',
    id: 'c',
    claim: 'owner/1/a',
  }
  place.put(Buffer.concat([place.bytes(), line(claim)]))
  const sequence = await place.open()
  await sequence.load()
  await expectFailure(sequence.commit(count(2, 3, 'other/1/a')), 'OWNERSHIP_LOST', {
    committed: false,
  })
  expect(await sequence.commit(count(2, 3, 'owner/1/a'))).toEqual({ committed: true })
})
