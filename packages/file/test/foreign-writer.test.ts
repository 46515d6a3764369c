import { renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { currentInstance, formatInstance } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'
import { recordingFileSystem } from './record.ts'
import { endOf, startChild } from './run-child.ts'

/** A handle that shares nothing with others in this process, as one in another process. */
const stranger = (place: Place): ReturnType<Place['open']> =>
  place.open({}, { fileSystem: recordingFileSystem().fileSystem })

test('item 38: of 4 processes with 50 keys each no acknowledged key is lost, and lost races are CONFLICT', async () => {
  const place = new Place()
  const prefixes = ['a', 'b', 'c', 'd']
  const children = prefixes.map((prefix) => startChild('write-keys', [place.directory, prefix, 50]))
  const results = await Promise.all(children.map(endOf))
  expect(results.map(({ status, stderr }) => [status, stderr])).toEqual(prefixes.map(() => [0, '']))
  const keys = prefixes.flatMap((prefix) => Array.from({ length: 50 }, (_, n) => `${prefix}${n}`))
  expect(Object.keys(Object(place.document())).toSorted()).toEqual(keys.toSorted())
  const conflicts = results.reduce((sum, { stdout }) => sum + Number(stdout), 0)
  expect(conflicts).toBeGreaterThan(0)
})

test('item 38: a foreign commit is refused with CONFLICT that names its writer, and is not overwritten', async () => {
  const place = new Place()
  const [own, other] = [await place.open(), await stranger(place)]
  await own.commit(pendingChange({ base: 0, data: 'own' }))
  await other.load()
  await other.commit(pendingChange({ base: 1, data: 'foreign', writer: 'host/815/beef' }))
  const before = place.content()
  const change = pendingChange({ base: 1, data: 'own again' })
  for (const attempt of [1, 2]) {
    const error = await expectFailure(own.commit(change), 'CONFLICT', { committed: false })
    expect(error.message, `attempt ${attempt}`).toContain(
      'host/815/beef saved version 2 at 2026-11-22T10:00:00.000Z',
    )
    expect(error.message).toMatch(/for one process.*stop one.*writers 'machine'.*refresh\(\)/)
  }
  expect(place.content()).toEqual(before)
  expect(await own.read(1)).toMatchObject({ snapshot: { version: 2, data: 'foreign' } })
  expect(await own.commit(pendingChange({ base: 2, data: 'own' }))).toEqual({ committed: true })
})

test('item 38: a state that another process deleted is not written anew', async () => {
  const place = new Place()
  const [own, other] = [
    await place.open({ keep: 0 }),
    await place.backend({}, { fileSystem: recordingFileSystem().fileSystem }),
  ]
  await own.commit(pendingChange({ base: 0, data: 1 }))
  await other.remove('trading')
  const change = pendingChange({ base: 1, data: 2 })
  const error = await expectFailure(own.commit(change), 'CONFLICT', { committed: false })
  expect(error.message).toMatch(/it is gone/)
  expect(await own.load()).toBeNull()
  expect(await own.commit(change)).toEqual({ committed: false, newest: 0 })
  expect(await own.commit(pendingChange({ base: 0, data: 1 }))).toEqual({ committed: true })
})

test('item 38: the version never goes back, even where the file does', async () => {
  const place = new Place()
  await place.write(1, 2)
  const old = place.text()
  const sequence = await place.open()
  await sequence.load()
  for (const base of [2, 3]) await sequence.commit(pendingChange({ base, data: base }))
  writeFileSync(`${place.path}.restored`, old)
  renameSync(`${place.path}.restored`, place.path)
  expect(await sequence.read(4)).toMatchObject({ snapshot: { version: 5, data: { n: 2 } } })
  await sequence.commit(pendingChange({ base: 5, data: 6 }))
  expect(await (await stranger(place)).load()).toMatchObject({ version: 6 })
})

test('a file that was only touched, or put back as it was, is no foreign change', async () => {
  const place = new Place()
  const sequence = await place.open()
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  utimesSync(place.path, 1, 1)
  expect(await sequence.read(1)).toEqual({ changes: [] })
  writeFileSync(`${place.path}.copy`, place.text())
  renameSync(`${place.path}.copy`, place.path)
  expect(await sequence.commit(pendingChange({ base: 1, data: 2 }))).toEqual({ committed: true })
})

test('a lock that a live process holds is CONFLICT, and is not broken', async () => {
  const place = new Place()
  await place.write(1, 1)
  const lock = `${place.directory}/.trading.json.lock`
  symlinkSync(`${formatInstance(currentInstance())}.${'0'.repeat(32)}`, lock)
  const before = place.names()
  const sequence = await place.open()
  const change = pendingChange({ base: 1, data: 2 })
  const error = await expectFailure(sequence.commit(change), 'CONFLICT', { committed: false })
  expect(error.message).toContain(`the process ${process.pid}`)
  expect(place.names()).toEqual(before)
})

test('a lock of unknown origin is CONFLICT, and is not broken', async () => {
  const place = new Place()
  await place.write(1, 1)
  symlinkSync('nobody', `${place.directory}/.trading.json.lock`)
  const change = pendingChange({ base: 1, data: 2 })
  const error = await expectFailure((await place.open()).commit(change), 'CONFLICT')
  expect(error.message).toContain('somebody unknown')
})

test('a lock that is removed by hand while it is held is told, with committed: true', async () => {
  const place = new Place()
  const { fileSystem } = recordingFileSystem((call) => {
    if (call.method === 'rename' && call.to === place.path) {
      renameSync(`${place.directory}/.trading.json.lock`, `${place.directory}/gone`)
    }
  })
  const sequence = await place.open({}, { fileSystem })
  const error = await expectFailure(sequence.commit(pendingChange({ base: 0, data: 1 })), 'IO', {
    committed: true,
  })
  expect(error.message).toMatch(/was committed, but its lock.*another program removed/)
})
