import { HoldfastError, type Backend, type Json, type Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { Memory, openMemoryBackend } from '../src/index.ts'
import { collect } from './support/collect.ts'

interface Opened {
  readonly memory: Memory
  readonly backend: Backend
  readonly sequence: Sequence
  readonly commit: (base: number, data: Json) => Promise<unknown>
}

async function openState(): Promise<Opened> {
  const memory = new Memory()
  const backend = openMemoryBackend({ memory })
  const sequence = await backend.open('trading')
  const commit = (base: number, data: Json): Promise<unknown> =>
    sequence.commit(pendingChange({ base, data }))
  return { memory, backend, sequence, commit }
}

describe('failCommits', () => {
  it('throws IO from the next commit alone, and commits nothing', async () => {
    const { memory, sequence, commit } = await openState()
    memory.faults.failCommits()
    await expect(commit(0, 'lost')).rejects.toMatchObject({
      code: 'IO',
      state: 'trading',
      committed: false,
    })
    expect(await sequence.load()).toBeNull()
    expect(await commit(0, 'kept')).toEqual({ committed: true })
  })

  it('throws the very error that it was given, as often as it was told', async () => {
    const { memory, commit } = await openState()
    const error = new HoldfastError('OWNERSHIP_LOST', 'Lost.', { committed: false })
    memory.faults.failCommits(error, 2)
    await expect(commit(0, 1)).rejects.toBe(error)
    await expect(commit(0, 1)).rejects.toBe(error)
    expect(await commit(0, 1)).toEqual({ committed: true })
  })

  it('commits the change when the error says so', async () => {
    const { memory, sequence, commit } = await openState()
    const error = new HoldfastError('IO', 'The directory was not synced.', { committed: true })
    memory.faults.failCommits(error)
    await expect(commit(0, 'kept')).rejects.toBe(error)
    expect(await sequence.load()).toMatchObject({ version: 1, data: 'kept' })
  })

  it('reports the conflict when a change that was to be committed has lost', async () => {
    const { memory, commit } = await openState()
    await commit(0, 1)
    memory.faults.failCommits(new HoldfastError('IO', 'Not synced.', { committed: true }))
    expect(await commit(0, 2)).toEqual({ committed: false, newest: 1 })
  })

  it.each([undefined, 'unknown' as const])('refuses an error with committed %s', (committed) => {
    const options = committed === undefined ? {} : { committed }
    const error = new HoldfastError('IO', 'Which?', options)
    expect(() => new Memory().faults.failCommits(error)).toThrow(TypeError)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses to be armed %d times', (times) => {
    expect(() => new Memory().faults.failCommits(undefined, times)).toThrow(TypeError)
  })

  it('fails every commit when it is armed for ever, until it is cleared', async () => {
    const { memory, commit } = await openState()
    memory.faults.failCommits(undefined, Number.POSITIVE_INFINITY)
    for (let time = 0; time < 3; time += 1) await expect(commit(0, 1)).rejects.toThrow('trading')
    memory.faults.clear()
    expect(await commit(0, 1)).toEqual({ committed: true })
  })
})

describe('hideOutcomes', () => {
  it.each([true, false])('throws OUTCOME_UNKNOWN, with landed: %s made true', async (landed) => {
    const { memory, sequence } = await openState()
    const change = pendingChange({ base: 0, data: 1 })
    memory.faults.hideOutcomes({ landed })
    await expect(sequence.commit(change)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      state: 'trading',
      committed: 'unknown',
    })
    const { base, version, id, writer, at, schema, patches } = change
    const kept = { base, version, id, writer, at, schema, patches }
    expect(await sequence.read(0)).toEqual({ changes: landed ? [kept] : [] })
  })

  it('hides a conflict too', async () => {
    const { memory, commit, sequence } = await openState()
    await commit(0, 1)
    memory.faults.hideOutcomes({ landed: true })
    await expect(commit(0, 2)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await sequence.load()).toMatchObject({ version: 1, data: 1 })
  })
})

describe('overtakeCommits', () => {
  it('commits a foreign change first, so that the conflict is a real one', async () => {
    const { memory, sequence, commit } = await openState()
    await commit(0, { count: 1 })
    memory.faults.overtakeCommits((newest) => ({ overtaken: newest?.data ?? null }))
    expect(await commit(1, { count: 2 })).toEqual({ committed: false, newest: 2 })
    expect(await sequence.load()).toMatchObject({ data: { overtaken: { count: 1 } } })
    expect(await sequence.read(1)).toMatchObject({
      changes: [{ base: 1, version: 2, writer: 'memory/0/foreign', schema: 1 }],
    })
    expect(await commit(2, { count: 3 })).toEqual({ committed: true })
  })

  it('may write a state before anybody else does', async () => {
    const { memory, sequence, commit } = await openState()
    memory.faults.overtakeCommits((newest) => [newest === null])
    expect(await commit(0, 1)).toEqual({ committed: false, newest: 1 })
    expect(await sequence.load()).toMatchObject({ version: 1, data: [true] })
  })
})

describe('holdCommits', () => {
  it('keeps a commit under way until it is released', async () => {
    const { memory, sequence, commit } = await openState()
    const hold = memory.faults.holdCommits()
    const committing = commit(0, 'held')
    await hold.reached
    expect(await sequence.load()).toBeNull()
    hold.release()
    expect(await committing).toEqual({ committed: true })
  })

  it('compares the base when the commit goes on, not when it came', async () => {
    const { memory, commit } = await openState()
    const hold = memory.faults.holdCommits()
    const committing = commit(0, 'held')
    await commit(0, 'first')
    hold.release()
    expect(await committing).toEqual({ committed: false, newest: 1 })
  })

  it('holds as many commits as it was told, and releases them together', async () => {
    const { memory, sequence, commit } = await openState()
    const hold = memory.faults.holdCommits(2)
    const held = [commit(0, 'a'), commit(1, 'b')]
    expect(await commit(1, 'not held')).toEqual({ committed: false, newest: 0 })
    hold.release()
    await Promise.all(held)
    expect(await sequence.load()).toMatchObject({ version: 2, data: 'b' })
  })

  it.each(['sequence', 'backend'] as const)('makes the close of a %s wait', async (what) => {
    const opened = await openState()
    const hold = opened.memory.faults.holdCommits()
    const committing = opened.commit(0, 1)
    const settled: string[] = []
    const closing = opened[what].close().then(() => settled.push('close'))
    const done = committing.then(() => settled.push('commit'))
    await hold.reached
    expect(settled).toEqual([])
    hold.release()
    await Promise.all([closing, done])
    expect(settled).toEqual(['commit', 'close'])
  })

  it('makes the backend wait for a sequence that is being closed already', async () => {
    const { memory, backend, sequence, commit } = await openState()
    const hold = memory.faults.holdCommits()
    const settled: string[] = []
    const done = commit(0, 1).then(() => settled.push('commit'))
    const closing = [sequence.close(), backend.close().then(() => settled.push('close'))]
    hold.release()
    await Promise.all([done, ...closing])
    expect(settled).toEqual(['commit', 'close'])
  })
})

describe('capacityBytes', () => {
  it('refuses a document that does not fit with NO_SPACE and keeps the old one', async () => {
    const { memory, sequence, commit } = await openState()
    await commit(0, 'small')
    memory.faults.capacityBytes = 10
    await expect(commit(1, 'too big for ten')).rejects.toMatchObject({
      code: 'NO_SPACE',
      state: 'trading',
      committed: false,
    })
    expect(await sequence.load()).toMatchObject({ version: 1, data: 'small' })
    expect(await commit(1, '8 bytes!')).toEqual({ committed: true })
  })

  it('counts the documents of all states, in bytes of UTF-8', async () => {
    const { memory, backend, commit } = await openState()
    memory.faults.capacityBytes = 10
    await commit(0, '€')
    const other = await backend.open('other')
    await expect(other.commit(pendingChange({ base: 0, data: '€€' }))).rejects.toMatchObject({
      code: 'NO_SPACE',
    })
    await backend.remove('trading')
    expect(await other.commit(pendingChange({ base: 0, data: '€€' }))).toEqual({ committed: true })
  })
})

describe('failReads', () => {
  it.each(['load', 'read', 'history'] as const)('fails the next %s alone', async (method) => {
    const { memory, sequence, commit } = await openState()
    await commit(0, 1)
    const call = {
      load: () => sequence.load(),
      read: () => sequence.read(0),
      history: () => collect(sequence.history()),
    }[method]
    memory.faults.failReads()
    await expect(call()).rejects.toMatchObject({ code: 'IO', state: 'trading' })
    const corrupt = new HoldfastError('CORRUPT', 'Damaged.', { state: 'trading' })
    memory.faults.failReads(corrupt)
    await expect(call()).rejects.toBe(corrupt)
    await expect(call()).resolves.toBeTruthy()
  })
})

it('a commit that is held, overtaken and made to fail meets all three, in this order', async () => {
  const { memory, sequence, commit } = await openState()
  const hold = memory.faults.holdCommits()
  memory.faults.overtakeCommits(() => 'foreign')
  memory.faults.failCommits()
  const committing = commit(0, 'own')
  await hold.reached
  expect(await sequence.load()).toBeNull()
  hold.release()
  await expect(committing).rejects.toMatchObject({ code: 'IO', committed: false })
  expect(await sequence.load()).toMatchObject({ version: 1, data: 'foreign' })
})
