import { mkdirSync, statSync } from 'node:fs'
import type { FileOptions } from '../src/index.ts'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'

/** As Python's `json.dump(state, file, indent=2)` writes it: no newline at the end. */
const dump = '{\n  "cash": 10.5,\n  "note": "\\u00fc",\n  "positions": {\n    "BTC": null\n  }\n}'
const data = { cash: 10.5, note: 'ü', positions: { BTC: null } }

function placeWithDump(content: string = dump): Place {
  const place = new Place()
  mkdirSync(place.directory)
  place.put(content)
  return place
}

test('item 33: a plain dump of an older bot loads as version 0, and loading changes nothing', async () => {
  const place = placeWithDump()
  const snapshot = await (await place.open()).load()
  expect(snapshot).toEqual({ version: 0, schema: 0, data, at: null, writer: null })
  expect(place.content()).toEqual({ 'trading.json': Buffer.from(dump).toString('latin1') })
})

test.each([[0], [1], [3]])(
  'item 33: with keep %i the first commit writes the envelope as version 1 and keeps the dump as it was',
  async (keep) => {
    const place = placeWithDump()
    const sequence = await place.open({ keep })
    await sequence.load()
    await sequence.commit(pendingChange({ base: 0, data: { ...data, cash: 11 }, schema: 2 }))
    expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
    expect(place.text('.1')).toBe(dump)
    expect(await (await place.open()).load()).toMatchObject({ version: 1, schema: 2 })
  },
)

test('with keep 0 the dump stays whatever follows, in later processes too', async () => {
  const place = placeWithDump()
  await place.write(1, 2, { keep: 0 })
  await place.write(3, 4, { keep: 0 })
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
  expect(place.text('.1')).toBe(dump)
  expect(place.document()).toEqual({ n: 4 })
})

test('with keep 0 a generation that has an envelope does not stay', async () => {
  const place = new Place()
  await place.write(1, 2, { keep: 1 })
  await place.write(3, 3, { keep: 0 })
  expect(place.names()).toEqual(['trading.json'])
})

test('a dump keeps its mode through the first commit', async () => {
  const place = placeWithDump()
  expect(statSync(place.path).mode & 0o777).toBe(0o644)
  await place.write(1, 1)
  expect(statSync(place.path).mode & 0o777).toBe(0o644)
})

test.each(['null', '0', '""', '[]', 'false', ' 1\n'])(
  'the bare document %j is a document',
  async (text) => {
    const snapshot = await (await placeWithDump(text).open()).load()
    expect(snapshot).toMatchObject({ version: 0, data: JSON.parse(text) })
  },
)

test('a document whose member "holdfast" is no number is a bare one', async () => {
  const place = placeWithDump('{"holdfast": "1", "data": 2}')
  expect((await (await place.open()).load())?.data).toEqual({ holdfast: '1', data: 2 })
})

test('a dump that changed between load and first commit is not overwritten', async () => {
  const place = placeWithDump()
  const sequence = await place.open()
  await sequence.load()
  place.put('{"cash": 99}')
  const change = pendingChange({ base: 0, data })
  const error = await expectFailure(sequence.commit(change), 'CONFLICT', { committed: false })
  expect(error.message).toMatch(/writer is not known, the file was last modified at/)
  expect(place.text()).toBe('{"cash": 99}')
  const [other] = [await place.open()]
  expect(await other.load()).toMatchObject({ version: 1, data: { cash: 99 } })
  expect(await sequence.commit(change)).toEqual({ committed: false, newest: 1 })
  expect(await sequence.read(0)).toMatchObject({ snapshot: { version: 1, data: { cash: 99 } } })
  expect(await sequence.commit(pendingChange({ base: 1, data }))).toEqual({ committed: true })
})

const bare: Partial<FileOptions> = { envelope: false }

test('envelope false writes the bare document', async () => {
  const place = new Place()
  await place.write(1, 2, bare)
  expect(place.text()).toBe('{\n  "n": 2\n}\n')
  expect(place.text('.1')).toBe('{\n  "n": 1\n}\n')
})

test('envelope false counts on within a process, and begins at version 0 in the next', async () => {
  const place = new Place()
  const sequence = await place.open(bare)
  for (const base of [0, 1, 2]) {
    const change = pendingChange({ base, data: { base } })
    expect(await sequence.commit(change)).toEqual({ committed: true })
  }
  const other = await place.open(bare)
  expect(await other.load()).toMatchObject({ version: 3, schema: 1, data: { base: 2 } })
  expect(await other.read(2)).toMatchObject({ snapshot: { version: 3 } })
  await Promise.all([sequence.close(), other.close()])
  expect(await (await place.open(bare)).load()).toMatchObject({ version: 0, data: { base: 2 } })
})

test('envelope false refuses a schema version above 1, which it has no place for', async () => {
  const place = new Place()
  const sequence = await place.open(bare)
  const change = pendingChange({ base: 0, data: 1, schema: 2 })
  const error = await expectFailure(sequence.commit(change), 'UNSUPPORTED', { committed: false })
  expect(error.message).toMatch(/schema version 2.*without an envelope/)
  expect(place.names()).toEqual([])
})

test('envelope false still finds a foreign change', async () => {
  const place = new Place()
  const sequence = await place.open(bare)
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  place.put('"foreign"')
  await expectFailure(sequence.commit(pendingChange({ base: 1, data: 2 })), 'CONFLICT')
  expect(await sequence.read(1)).toMatchObject({ snapshot: { version: 2, data: 'foreign' } })
})
