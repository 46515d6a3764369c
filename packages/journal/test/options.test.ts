import { existsSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemEnvironment, type StateUrl } from '@holdfast/core'
import { expect, test } from 'vitest'
import { journalModule, journalOptions, openJournalBackend } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { collect, count, Place } from './place.ts'
import { temporaryFolder } from './temporary-folder.ts'

const url = (path: string, query: StateUrl['query'] = {}): StateUrl => ({
  scheme: 'journal',
  path,
  query,
})

test('the defaults are those that lose nothing', () => {
  expect(journalOptions.parse({ directory: './state' })).toEqual({
    directory: './state',
    durability: 'power',
    keep: 1,
    compactAfterBytes: 65_536,
    compactAfterRatio: 0.5,
    inlineSnapshotBytes: 262_144,
    createDirectory: true,
  })
})

test.each([
  [{ directory: '' }],
  [{}],
  [{ directory: './state', kep: 1 }],
  [{ directory: './state', keep: -1 }],
  [{ directory: './state', compactAfterBytes: 0 }],
  [{ directory: './state', compactAfterRatio: 0 }],
  [{ directory: './state', durability: 'none' }],
  [{ directory: './state', mode: '0689' }],
  [{ directory: 'a\0b' }],
])('the options %j are refused with CONFIG', async (options) => {
  await expectFailure(openJournalBackend(options as { directory: string }), 'CONFIG')
})

test('a URL gives the same options as the object form', () => {
  const query = {
    keep: '3',
    compactAfterBytes: '4096',
    compactAfterRatio: '0.5',
    inlineSnapshotBytes: '0',
    durability: 'process',
    mode: '0640',
    createDirectory: 'false',
  }
  expect(journalOptions.parse(journalModule.fromUrl(url('./state', query)))).toEqual({
    directory: './state',
    keep: 3,
    compactAfterBytes: 4096,
    compactAfterRatio: 0.5,
    inlineSnapshotBytes: 0,
    durability: 'process',
    mode: 0o640,
    createDirectory: false,
  })
})

test('a host in a URL, and a directory that is named twice, are refused', () => {
  expect(() => journalModule.fromUrl(url('//host/state'))).toThrow(/host/)
  expect(() => journalModule.fromUrl(url('./a', { directory: './b' }))).toThrow(/twice/)
})

test('opening, loading, reading and listing create nothing', async () => {
  const directory = join(temporaryFolder(), 'state')
  const options = journalOptions.parse({ directory })
  await using backend = await journalModule.open(options, systemEnvironment)
  const sequence = await backend.open('trading')
  expect(await sequence.load()).toBe(null)
  expect(await sequence.read(0)).toEqual({ changes: [] })
  expect(await collect(backend.list())).toEqual([])
  expect(existsSync(directory)).toBe(false)
})

test('a state that is kept as a JSON file is not begun anew beside it, and the message says how to convert it', async () => {
  const place = new Place()
  mkdirSync(place.directory)
  writeFileSync(join(place.directory, 'trading.json'), '{}')
  const backend = await place.backend()
  const error = await expectFailure(backend.open('trading'), 'CONFIG', { state: 'trading' })
  expect(error.message).toMatch(/trading\.json.*holdfast copy/)
})

test('no more than keep earlier epochs stay, and what they hold is history', async () => {
  const place = new Place()
  const sequence = await place.open({ keep: 2, compactAfterBytes: 1, compactAfterRatio: 0.01 })
  for (let n = 1; n <= 8; n += 1) {
    const snapshot = await sequence.load()
    await sequence.commit(count(snapshot?.version ?? 0, n))
  }
  await sequence.close()
  expect(place.names().length).toBe(3)
  const reader = await place.open()
  const versions = (await collect(reader.history())).map(({ version }) => version)
  expect(versions.length).toBeGreaterThan(4)
  expect(versions).toEqual(versions.map((_, index) => Number(versions[0]) - index))
  const since = Number(versions.at(-1))
  const read = await reader.read(since)
  expect('changes' in read && read.changes.length).toBe(Number(versions[0]) - since)
})
