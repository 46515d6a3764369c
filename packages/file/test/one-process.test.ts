import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'
import type { CommitResult } from '@holdfast/core'
import { interceptFileSystem, nodeFileSystem } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openFileBackend } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'
import { recordingFileSystem, systemError } from './record.ts'

const commit = (
  sequence: Awaited<ReturnType<Place['open']>>,
  base: number,
): Promise<CommitResult> => sequence.commit(pendingChange({ base, data: { base } }))

test('items 17, 21: relative, absolute and linked spellings of a directory are one state with one queue', async () => {
  const place = new Place()
  mkdirSync(place.directory)
  const link = `${place.directory}.link`
  symlinkSync(place.directory, link)
  const spellings = [
    place.directory,
    relative(process.cwd(), place.directory),
    link,
    `${link}/../state/.`,
  ]
  const backends = await Promise.all(spellings.map((directory) => openFileBackend({ directory })))
  onTestFinished(async () => {
    await Promise.all(backends.map((backend) => backend.close()))
  })
  const handles = await Promise.all(backends.map((backend) => backend.open('trading')))
  const results = await Promise.all(handles.map((handle) => commit(handle, 0)))
  expect(results).toEqual([
    { committed: true },
    ...[1, 2, 3].map(() => ({ committed: false, newest: 1 })),
  ])
  for (const [base, handle] of handles.entries()) {
    expect(await commit(handle, base + 1)).toEqual({ committed: true })
  }
})

test('item 21: handles opened before the directory exists share the state with those opened after', async () => {
  const place = new Place()
  const early = await place.open()
  await commit(await place.open(), 0)
  expect(await commit(await place.open(), 1)).toEqual({ committed: true })
  expect(await commit(early, 0)).toEqual({ committed: false, newest: 2 })
  expect(await early.read(0)).toMatchObject({ snapshot: { version: 2 } })
})

/** Mounting takes root, which CI has; links are covered above for everybody. */
test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'item 21: a directory that is mounted at two places is one, told by device and inode',
  async () => {
    const place = new Place()
    const twin = `${place.directory}.twin`
    for (const path of [place.directory, twin]) mkdirSync(path)
    execFileSync('/bin/mount', ['--bind', place.directory, twin])
    const [one, other] = [await place.open(), await place.open({ directory: twin })]
    onTestFinished(async () => {
      await Promise.all([one.close(), other.close()])
      execFileSync('/bin/umount', [twin])
    })
    await commit(one, 0)
    await other.load()
    await commit(one, 1)
    expect(await commit(other, 1)).toEqual({ committed: false, newest: 2 })
  },
)

test('item 21: links in the place of two states make them one file, and the name tells them apart', async () => {
  const place = new Place()
  await place.write(1, 1)
  symlinkSync('trading.json', join(place.directory, 'alias.json'))
  const error = await expectFailure((await (await place.backend()).open('alias')).load(), 'CORRUPT')
  expect(error.message).toMatch(/belongs to the state "trading".*set its member "name" to "alias"/)
})

test('item 11: the directory is fixed when it is opened, whatever the working directory becomes', async () => {
  const place = new Place()
  mkdirSync(place.directory)
  const before = process.cwd()
  onTestFinished(() => process.chdir(before))
  process.chdir(join(place.directory, '..'))
  const backend = await place.backend({ directory: './state' })
  process.chdir('/')
  const sequence = await backend.open('trading')
  await commit(sequence, 0)
  expect(sequence.location).toBe(place.path)
  expect(place.names()).toEqual(['trading.json'])
})

test('item 11: a dangling link is followed, and the state is kept where it leads', async () => {
  const place = new Place()
  mkdirSync(join(place.directory, 'disk'), { recursive: true })
  symlinkSync('disk/elsewhere.json', place.path)
  const sequence = await place.open()
  expect(await sequence.load()).toBeNull()
  await commit(sequence, 0)
  await commit(sequence, 1)
  expect(sequence.location).toBe(join(place.directory, 'disk', 'elsewhere.json'))
  expect(place.names()).toEqual(['disk', 'trading.json'])
  expect(await (await place.open()).load()).toMatchObject({ version: 2 })
})

test('item 11: with symlinks "reject" a link in the place of the file is refused when opened', async () => {
  const place = new Place()
  mkdirSync(place.directory)
  symlinkSync('nowhere', place.path)
  const error = await expectFailure(place.open({ symlinks: 'reject' }), 'IO', { state: 'trading' })
  expect(error.cause).toMatchObject({ code: 'ELOOP' })
})

test('items 23, 24: commits of one state are made in call order, each settled by its own', async () => {
  const place = new Place()
  let failing = 0
  const { fileSystem } = recordingFileSystem((call) => {
    if (call.method !== 'write') return
    failing += 1
    if (failing === 3) throw systemError('EIO', -5, 'write')
  })
  const sequence = await place.open({}, { fileSystem })
  const settled: string[] = []
  const outcomes = [0, 1, 2, 2, 3].map(async (base, index) => {
    const outcome = await commit(sequence, base).catch((error: unknown) => error)
    settled.push(`${index}`)
    return outcome
  })
  expect(await Promise.all(outcomes)).toMatchObject([
    { committed: true },
    { committed: true },
    { code: 'IO', committed: false },
    { committed: true },
    { committed: true },
  ])
  expect(settled).toEqual(['0', '1', '2', '3', '4'])
})

test('item 24: different states are committed in parallel', async () => {
  const place = new Place()
  const waiting: (() => void)[] = []
  const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method !== 'fsync' || call.directory) return proceed()
    return new Promise<void>((resolve) => waiting.push(resolve)).then(() => proceed())
  })
  const backend = await place.backend({}, { fileSystem })
  const sequences = await Promise.all(['a', 'b'].map((name) => backend.open(name)))
  const committing = sequences.map((sequence) => commit(sequence, 0))
  while (waiting.length < 2) await immediate()
  for (const resume of waiting) resume()
  expect(await Promise.all(committing)).toEqual([{ committed: true }, { committed: true }])
})

test('item 27: close waits for the commit under way, and later calls are CLOSED', async () => {
  const place = new Place()
  const backend = await place.backend()
  const sequence = await backend.open('trading')
  const committing = commit(sequence, 0)
  await Promise.all([sequence.close(), backend.close(), sequence.close()])
  expect(place.document()).toEqual({ base: 0 })
  expect(await committing).toEqual({ committed: true })
  await expectFailure(commit(sequence, 1), 'CLOSED', { committed: false, state: 'trading' })
  await expectFailure(backend.open('trading'), 'CLOSED')
})

test('item 27: close waits for its own commit while other handles stay open', async () => {
  const place = new Place()
  const [own, other] = [await place.open(), await place.open()]
  const committing = commit(own, 0)
  await own.close()
  expect(place.document()).toEqual({ base: 0 })
  expect(await committing).toEqual({ committed: true })
  expect(await commit(other, 1)).toEqual({ committed: true })
})

test('closing the last handle gives the directory back', async () => {
  const place = new Place()
  const { fileSystem, calls } = recordingFileSystem()
  const [one, other] = [await place.open({}, { fileSystem }), await place.open({}, { fileSystem })]
  await commit(one, 0)
  const closed = (): number =>
    calls.filter((call) => call.method === 'close' && call.path === place.directory).length
  const before = closed()
  await one.close()
  expect(closed()).toBe(before)
  await other.close()
  expect(closed()).toBe(before + 1)
})

test('hints go to the other handles of the process, and to nobody after disposal', async () => {
  const place = new Place()
  const [one, two, three] = [await place.open(), await place.open(), await place.open()]
  const hinted: string[] = []
  one.onHint(() => hinted.push('one'))
  two.onHint(() => hinted.push('two'))
  const disposed = two.onHint(() => hinted.push('disposed'))
  three.onHint(() => hinted.push('three'))
  disposed[Symbol.dispose]()
  await commit(one, 0)
  await immediate()
  expect(hinted).toEqual(['two', 'three'])
  await three.close()
  await commit(two, 1)
  await immediate()
  expect(hinted).toEqual(['two', 'three', 'one'])
})

test('item 30: opening, committing and closing leave no listener on the process', async () => {
  const place = new Place()
  const listeners = (): (string | symbol)[] =>
    process
      .eventNames()
      .flatMap((name) => Array.from({ length: process.listenerCount(name) }, () => name))
  const before = listeners()
  await place.write(1, 2)
  expect(listeners()).toEqual(before)
})

test('item 44: reading where nothing changed opens no file', async () => {
  const place = new Place()
  const { fileSystem, calls } = recordingFileSystem()
  const sequence = await place.open({}, { fileSystem })
  await commit(sequence, 0)
  await sequence.read(1) // after what the commit does in a turn of its own
  calls.length = 0
  expect(await sequence.read(1)).toEqual({ changes: [] })
  expect(calls.map(({ method }) => method)).toEqual(['lstat'])
})

test('a document of 10 MB is committed and read back', async () => {
  const place = new Place()
  const data = { rows: Array.from({ length: 100_000 }, (_, id) => ({ id, text: 'é'.repeat(40) })) }
  const sequence = await place.open()
  await sequence.commit(pendingChange({ base: 0, data }))
  expect(place.text().length).toBeGreaterThan(9_000_000)
  expect((await (await place.open()).load())?.data).toEqual(data)
})
