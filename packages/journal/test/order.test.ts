import { relative } from 'node:path'
import type { FileCall, FileSystem } from '@holdfast/fs'
import { expect, test } from 'vitest'
import { meddledFileSystem } from './faults.ts'
import { count, Place } from './place.ts'

const reading = new Set(['read', 'fstat', 'stat', 'lstat', 'readdir', 'close', 'fchmod', 'fchown'])

/** The calls that change something or make it durable, in short. */
function recorder(
  place: Place,
  platform?: NodeJS.Platform,
): { fileSystem: FileSystem; all: string[]; taken: () => string[] } {
  const all: string[] = []
  let changes: string[] = []
  const fileSystem = meddledFileSystem((call, proceed) => {
    all.push(call.method)
    const text = textOf(call, place)
    if (!reading.has(call.method) && text !== null) changes.push(text)
    return proceed()
  }, platform)
  const taken = (): string[] => {
    const result = changes
    changes = []
    return result
  }
  return { fileSystem, all, taken }
}

function textOf(call: FileCall, place: Place): string | null {
  if (call.method === 'openDirectory') return null
  if (call.method === 'open') {
    if (call.flags.access === 'read') return null
    return `open ${short(call.path, place)}${call.flags.create ? ' new' : ''}`
  }
  return `${call.method} ${short(call.path, place)}${'to' in call ? ` ${short(call.to, place)}` : ''}`
}

function short(path: string, place: Place): string {
  const name = relative(place.path, path)
  return name === '' ? '.' : name.replace(/^\.(\d+)\.jsonl\..*\.tmp$/, 'temporary')
}

test('the first commit makes the epoch durable under its name, and the names that lead to it, before it is acknowledged', async () => {
  const place = new Place()
  const { fileSystem, taken } = recorder(place)
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  expect(await sequence.load()).toBe(null)
  expect(taken()).toEqual([])
  await sequence.commit(count(0, 1))
  const calls = taken()
  const above = calls.filter((call) => call.startsWith('fsync ../../..'))
  expect(above.length, 'the levels that were there before').toBeGreaterThan(0)
  expect(calls.filter((call) => !above.includes(call))).toEqual([
    'mkdir .', // its parent is missing
    'mkdir ..',
    'mkdir .',
    'fsync ../..',
    'fsync ..',
    'fsync .',
    'fsync ..',
    'open temporary new',
    'write temporary',
    'fsync temporary',
    'link temporary 00000001.jsonl',
    'fsync .',
    'unlink temporary',
  ])
})

test('a commit on what this handle knows is one write, one flush, and a look at the size meanwhile', async () => {
  const place = new Place()
  const { fileSystem, all } = recorder(place)
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.commit(count(0, 1))
  await sequence.commit(count(1, 2))
  const before = all.length
  await sequence.commit(count(2, 3))
  await sequence.commit(count(3, 4))
  expect(all.slice(before)).toEqual(['write', 'fdatasync', 'fstat', 'write', 'fdatasync', 'fstat'])
})

test('a compaction writes the next epoch, then seals, then syncs and links it, syncs the name, and only then removes the old epoch', async () => {
  const place = new Place()
  const { fileSystem, taken } = recorder(place)
  const options = {
    durability: 'power',
    keep: 0,
    compactAfterBytes: 1,
    compactAfterRatio: 0.01,
  } as const
  const sequence = await place.open(options, { fileSystem })
  await sequence.commit(count(0, 1))
  taken()
  await sequence.commit(count(1, 2))
  await sequence.close()
  expect(taken()).toEqual([
    'fdatasync 00000001.jsonl',
    'open 00000001.jsonl',
    'fdatasync 00000001.jsonl', // what others wrote before it was opened
    'write 00000001.jsonl',
    'fdatasync 00000001.jsonl',
    'open temporary new',
    'write temporary',
    'fsync temporary',
    'open temporary',
    'ftruncate temporary',
    'write temporary',
    'write 00000001.jsonl',
    'fdatasync 00000001.jsonl',
    'fsync temporary',
    'link temporary 00000002.jsonl',
    'unlink temporary',
    'fsync .',
    'unlink 00000001.jsonl',
  ])
})

test('what other processes wrote is flushed, file and names, before it is shown, and with what is built on it', async () => {
  const place = new Place()
  await place.write(2)
  const { fileSystem, taken } = recorder(place)
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.load()
  expect(taken()).toEqual(['fdatasync 00000001.jsonl', 'fsync .', 'fsync ..'])
  const other = await place.open()
  await other.commit(count(2, 3))
  expect((await sequence.commit(count(2, 9))).committed).toBe(false)
  expect(taken(), 'what came first has to last').toEqual([
    'open 00000001.jsonl',
    'fdatasync 00000001.jsonl', // what others wrote before it was opened
    'write 00000001.jsonl',
    'fdatasync 00000001.jsonl',
  ])
  expect(sequence.peek?.(2)).toMatchObject([{ base: 2, version: 3 }])
  await other.commit(count(3, 4))
  await sequence.read(3)
  expect(taken()).toEqual(['fdatasync 00000001.jsonl'])
  await sequence.commit(count(4, 5))
  await other.commit(count(5, 6))
  taken()
  expect((await sequence.commit(count(5, 9))).committed).toBe(false)
  expect(taken(), 'it has looked before').toEqual([])
  await sequence.commit(count(6, 7))
  expect(taken()).toEqual(['write 00000001.jsonl', 'fdatasync 00000001.jsonl'])
  expect(place.lines().at(-1)).toMatchObject({ base: 6, synced: 5 })
  await sequence.commit(count(7, 8))
  expect(place.lines().at(-1)).not.toHaveProperty('synced')
})

test('what another process appends right behind a record is flushed before it is shown', async () => {
  const place = new Place()
  await place.write(1)
  const other = await place.open()
  await other.load()
  let isNext = false
  const flushes: number[] = []
  const fileSystem = meddledFileSystem(async (call, proceed) => {
    if (call.method === 'fdatasync') flushes.push(place.lines().length)
    if (call.method === 'fstat' && isNext) {
      isNext = false
      await other.read(1)
      await other.commit(count(2, 3))
    }
    const result = await proceed()
    if (call.method === 'write') isNext = true
    return result
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.load()
  flushes.length = 0
  expect(await sequence.commit(count(1, 2))).toEqual({ committed: true })
  expect(flushes.at(-1), 'began before it was there').toBe(2)
  expect(sequence.peek?.(2)).toMatchObject([{ base: 2, version: 3 }])
  expect(await sequence.read(2)).toMatchObject({ changes: [{ base: 2, version: 3 }] })
  expect(flushes.at(-1)).toBe(3)
})

test('a seal is not written over what another process wrote before that is flushed', async () => {
  const place = new Place()
  await place.write(1)
  const other = await place.open()
  await other.load()
  const calls: string[] = []
  let isRecording = false
  const fileSystem = meddledFileSystem(async (call, proceed) => {
    const isStaged = call.method === 'open' && call.path.endsWith('.tmp')
    if (isStaged && call.flags.access === 'readwrite') {
      isRecording = (await other.commit(count(2, 3))).committed
    }
    if (isRecording && call.path === place.epoch(1)) calls.push(call.method)
    return proceed()
  })
  const options = {
    durability: 'power',
    keep: 0,
    compactAfterBytes: 1,
    compactAfterRatio: 0.01,
  } as const
  const sequence = await place.open(options, { fileSystem })
  await sequence.load()
  await other.read(1)
  await sequence.commit(count(1, 2))
  await other.read(1)
  await sequence.close()
  const changing = calls.filter((method) => !reading.has(method))
  expect(changing.slice(0, 2)).toEqual(['fdatasync', 'write'])
  expect((await (await place.open()).load())?.data).toEqual({ n: 3 })
})

test('with durability process nothing is flushed', async () => {
  const place = new Place()
  const { fileSystem, taken } = recorder(place)
  const options = { keep: 0, compactAfterBytes: 1, compactAfterRatio: 0.01 }
  const sequence = await place.open(options, { fileSystem })
  await sequence.commit(count(0, 1))
  await sequence.commit(count(1, 2))
  await sequence.close()
  const text = taken().join('\n')
  expect(text).toContain('link temporary 00000002.jsonl')
  expect(text).not.toContain('sync')
})
