import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemEnvironment } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { collect, Place } from './place.ts'
import { recordingFileSystem, summary, systemError } from './record.ts'

const savedMs = Date.parse('2026-11-22T10:00:00.000Z')
const environment = { ...systemEnvironment, now: () => savedMs + 60_000 }
const quarantined = (place: Place): string[] =>
  place.names().filter((name) => name.includes('.corrupt-'))

test('item 35: "previous" takes the newest generation that verifies, and says what was lost', async () => {
  const place = new Place()
  await place.write(1, 4, { keep: 3 })
  place.put(place.text().replace('"n": 4', '"n": 5'))
  place.put('', '.1')
  const before = place.content()
  const snapshot = await (await place.open({}, { environment })).load({ onCorrupt: 'previous' })
  expect(snapshot).toMatchObject({ version: 2, data: { n: 2 } })
  expect(snapshot?.recovery).toEqual({
    generation: 2,
    ageMs: 60_000,
    reason: 'the checksum does not fit the member "data"; generation 1: it is empty (at byte 0)',
    lostVersion: 4,
  })
  expect(place.content()).toEqual(before)
})

test('item 35: the version that a truncated file still claims is told as lost', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put(place.text().slice(0, -4))
  const snapshot = await (await place.open()).load({ onCorrupt: 'previous' })
  expect(snapshot?.recovery?.lostVersion).toBe(2)
})

test('item 35: the first commit after a recovery sets the damaged bytes aside at mode 0600', async () => {
  const place = new Place()
  await place.write(1, 4, { keep: 3, mode: 0o644 })
  place.put('damaged')
  place.put('damaged too', '.1')
  const sequence = await place.open({ keep: 3 }, { environment })
  await sequence.load({ onCorrupt: 'previous' })
  expect(await sequence.commit(pendingChange({ base: 2, data: { n: 3 } }))).toEqual({
    committed: true,
  })
  const names = quarantined(place)
  expect(names.map((name) => readFileSync(join(place.directory, name), 'utf8')).toSorted()).toEqual(
    ['damaged', 'damaged too'],
  )
  for (const name of names) {
    expect(name).toMatch(/^trading\.json(\.1)?\.corrupt-20261122T100100Z-[\da-f]{8}$/)
    expect(statSync(join(place.directory, name)).mode & 0o777).toBe(0o600)
  }
  expect(place.document()).toEqual({ n: 3 })
  expect(place.names().filter((name) => !names.includes(name))).toEqual([
    'trading.json',
    'trading.json.2',
    'trading.json.3',
  ])
  await sequence.commit(pendingChange({ base: 3, data: { n: 4 } }))
  expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 3 }, { n: 2 }])
})

test.each(['damaged', '{"plain": "dump of an older bot"}'])(
  'item 37: what is kept of %j is durable before its only other name is taken away',
  async (content) => {
    const place = new Place()
    await place.write(1, 2)
    place.put(content)
    const { fileSystem, calls } = recordingFileSystem()
    const sequence = await place.open({}, { fileSystem })
    const snapshot = await sequence.load({ onCorrupt: 'previous' })
    calls.length = 0
    await sequence.commit(pendingChange({ base: snapshot?.version ?? 0, data: 1 }))
    const steps = summary(calls, place.directory)
    const kept = steps.findIndex((step) => step.startsWith('link trading.json '))
    const synced = steps.indexOf('fsync .', kept)
    expect([kept, synced]).not.toContain(-1)
    expect(synced).toBeLessThan(steps.indexOf('rename <temporary> trading.json'))
  },
)

test('item 37: a damaged file never becomes a generation', async () => {
  const place = new Place()
  await place.write(1, 3, { keep: 2 })
  place.put('damaged')
  const sequence = await place.open({ keep: 2 })
  await sequence.load({ onCorrupt: 'previous' })
  await sequence.commit(pendingChange({ base: 2, data: { n: 3 } }))
  expect([place.document('.1'), place.document('.2')]).toEqual([{ n: 2 }, { n: 1 }])
})

test('item 35: a commit that fails after a recovery leaves the damaged bytes in place', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put('damaged')
  const { fileSystem } = recordingFileSystem((call) => {
    if (call.method === 'rename' && call.to === place.path) throw systemError('EIO', -5, 'rename')
  })
  const sequence = await place.open({}, { fileSystem })
  await sequence.load({ onCorrupt: 'previous' })
  await expectFailure(sequence.commit(pendingChange({ base: 1, data: 2 })), 'IO', {
    committed: false,
  })
  expect(place.text()).toBe('damaged')
  expect(place.document('.1')).toEqual({ n: 1 })
  await expectFailure((await place.open()).load(), 'CORRUPT')
})

test('item 36: recovering by one handle does not hide the damage from another', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put('damaged')
  const sequence = await place.open()
  await sequence.load({ onCorrupt: 'previous' })
  await expectFailure((await place.open()).load(), 'CORRUPT')
  expect(await sequence.read(1)).toEqual({ changes: [] })
  expect(await sequence.read(0)).toMatchObject({ snapshot: { version: 1, data: { n: 1 } } })
})

test('item 35: with no generation that verifies "previous" is CORRUPT all the same', async () => {
  const place = new Place()
  await place.write(1, 2)
  place.put('damaged')
  place.put('damaged', '.1')
  await expectFailure((await place.open()).load({ onCorrupt: 'previous' }), 'CORRUPT')
})

test('item 39: a file that was deleted beside its generation is missing, not new', async () => {
  const place = new Place()
  await place.write(1, 2)
  rmSync(place.path)
  const sequence = await place.open()
  const error = await expectFailure(sequence.load(), 'CORRUPT')
  expect(error.message).toMatch(/is missing: .*trading\.json is gone, although older generations/)
  expect(error.message).toContain(`run: cp -p '${place.path}.1' '${place.path}'`)
  await expectFailure(sequence.commit(pendingChange({ base: 0, data: 1 })), 'CORRUPT')
  expect(await collect((await place.backend()).list())).toEqual(['trading'])
  const snapshot = await sequence.load({ onCorrupt: 'previous' })
  expect(snapshot).toMatchObject({ version: 1, data: { n: 1 } })
  expect(snapshot?.recovery).toMatchObject({
    generation: 1,
    reason: 'the file is gone',
    lostVersion: null,
  })
  await sequence.commit(pendingChange({ base: 1, data: { n: 20 } }))
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
  expect([place.document(), place.document('.1')]).toEqual([{ n: 20 }, { n: 1 }])
})

test('item 39: removal takes the generations along, durably, and leaves what was set aside', async () => {
  const place = new Place()
  await place.write(1, 3, { keep: 2 })
  place.put('damaged', '.corrupt-20261122T100100Z-00000000')
  const { fileSystem, calls } = recordingFileSystem()
  const backend = await place.backend({ keep: 2 }, { fileSystem })
  const sequence = await backend.open('trading')
  await backend.remove('trading')
  expect(place.names()).toEqual(['trading.json.corrupt-20261122T100100Z-00000000'])
  expect(calls.map(({ method }) => method).lastIndexOf('fsync')).toBeGreaterThan(
    calls.findLastIndex((call) => call.method === 'unlink' && call.path === place.path),
  )
  expect(await sequence.load()).toBeNull()
  expect(await sequence.commit(pendingChange({ base: 0, data: 1 }))).toEqual({ committed: true })
})

test('item 39: removal that is cut short leaves the state whole, or gone', async () => {
  for (let step = 0; step <= 4; step += 1) {
    const place = new Place()
    await place.write(1, 4, { keep: 3 })
    let unlinked = 0
    const { fileSystem } = recordingFileSystem(({ method, path }) => {
      if (method !== 'unlink' || path.endsWith('.lock')) return
      if (unlinked === step) throw systemError('EIO', -5, 'unlink')
      unlinked += 1
    })
    const backend = await place.backend({}, { fileSystem })
    const isRemoved = await backend.remove('trading').then(
      () => true,
      () => false,
    )
    const snapshot = await (await place.open()).load()
    expect([isRemoved, snapshot?.version]).toEqual(step < 4 ? [false, 4] : [true, undefined])
  }
})

test('a handle of the removed past cannot write into the new one, even at an equal version', async () => {
  const place = new Place()
  const backend = await place.backend()
  const [old, fresh] = [await backend.open('trading'), await backend.open('trading')]
  await old.commit(pendingChange({ base: 0, data: 'old' }))
  await backend.remove('trading')
  await fresh.commit(pendingChange({ base: 0, data: 'fresh' }))
  const change = pendingChange({ base: 1, data: 'old again' })
  expect(await old.commit(change)).toEqual({ committed: false, newest: 1 })
  expect(await old.read(1)).toMatchObject({ snapshot: { version: 1, data: 'fresh' } })
  expect(await old.commit(change)).toEqual({ committed: true })
})
