import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBackend, systemEnvironment, type StateUrl } from '@holdfast/core'
import { journalModule } from '@holdfast/journal'
import { expect, onTestFinished, test } from 'vitest'
import {
  lockfileModule,
  lockfileOptions,
  openLockfileBackend,
  type LockfileOptions,
} from '../src/index.ts'
import { raise, counter } from './counter.ts'
import { expectFailure } from './fails.ts'
import { temporaryFolder } from './temporary-folder.ts'

const url = (query: StateUrl['query'], path = './state'): StateUrl => ({
  scheme: 'lockfile',
  path,
  query,
})

test('the defaults are those that lose nothing, and refuse at once', () => {
  expect(lockfileOptions.parse({ directory: './state' })).toMatchObject({
    directory: './state',
    durability: 'power',
    keep: 1,
    mode: 'shared',
    wait: false,
    stale: 3000,
  })
})

test.each<[object]>([
  [{ directory: '' }],
  [{ directory: './state', mode: 'alone' }],
  [{ directory: './state', mode: 0o600 }],
  [{ directory: './state', wait: -1 }],
  [{ directory: './state', wait: true }],
  [{ directory: './state', stale: 1000 }],
  [{ directory: './state', retries: 3 }],
])('the options %j are refused with CONFIG', async (options) => {
  await expectFailure(openLockfileBackend(options as LockfileOptions), 'CONFIG')
})

test('a URL gives the same options as the object form', () => {
  const query = { mode: 'exclusive', wait: '5000', stale: '4000', fileMode: '0640', keep: '3' }
  expect(lockfileOptions.parse(lockfileModule.fromUrl(url(query)))).toMatchObject({
    directory: './state',
    mode: 'exclusive',
    wait: 5000,
    stale: 4000,
    fileMode: 0o640,
    keep: 3,
  })
  const { wait } = lockfileOptions.parse(lockfileModule.fromUrl(url({ wait: 'false' })))
  expect(wait).toBe(false)
})

test('a host in a URL, and a directory that is named twice, are refused by the right name', () => {
  expect(() => lockfileModule.fromUrl(url({}, '//host/state'))).toThrow(/lockfile:\.\/directory/)
  expect(() => lockfileModule.fromUrl(url({ directory: './b' }))).toThrow(/^lockfile:.*twice/)
})

test('opening, loading, listing and closing a shared state create nothing', async () => {
  const directory = join(temporaryFolder(), 'state')
  const options = lockfileOptions.parse({ directory })
  const backend = await lockfileModule.open(options, systemEnvironment)
  const sequence = await backend.open('trading')
  expect(await sequence.load()).toBe(null)
  for await (const name of backend.list()) expect(name).toBe('none is there')
  await backend.close()
  expect(existsSync(directory)).toBe(false)
})

test('a state that is kept as a JSON file is not begun anew beside it, and the message says how to convert it', async () => {
  const directory = temporaryFolder()
  writeFileSync(join(directory, 'trading.json'), '{}')
  const backend = await openLockfileBackend({ directory })
  onTestFinished(() => backend.close())
  const error = await expectFailure(backend.open('trading'), 'CONFIG', { state: 'trading' })
  expect(error.message).toMatch(/trading\.json.*holdfast copy file:.* lockfile:/)
})

test('a directory that is none is refused, and the backend named', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  const error = await expectFailure(openLockfileBackend({ directory: path }), 'CONFIG')
  expect(error.message).toMatch(/^The lockfile backend/)
})

test('one state can be opened as journal: and as lockfile:, one after the other and at once', async () => {
  const directory = temporaryFolder()
  const backends = [journalModule, lockfileModule]
  const journal = await openBackend(`journal:${directory}`, { backends })
  const lockfile = await openBackend(`lockfile:${directory}`, { backends })
  onTestFinished(() => journal.close())
  onTestFinished(() => lockfile.close())
  const [one, other] = [await journal.open('trading'), await lockfile.open('trading')]
  for (let step = 0; step < 5; step += 1) {
    await raise(one)
    await raise(other)
  }
  expect(await counter(one)).toEqual({ n: 10 })
  const owner = await openBackend(`lockfile:${directory}?mode=exclusive`, { backends })
  await owner.open('trading')
  const change = raise(one)
  await expectFailure(change, 'OWNERSHIP_LOST', { committed: false })
  await owner.close()
  expect(await raise(one)).toBe(13)
})

test('fileMode is the mode of the files, which nobody else may read by default', async () => {
  for (const [options, mode] of [
    [{}, 0o600],
    [{ fileMode: 0o640 }, 0o640],
  ] as const) {
    const directory = temporaryFolder()
    const backend = await openLockfileBackend({ directory, ...options })
    await raise(await backend.open('trading'))
    await backend.close()
    const file = join(directory, 'trading.journal', '00000001.jsonl')
    expect(statSync(file).mode & 0o777).toBe(mode)
  }
})

test('the lock says who has a state, in a directory beside its journal', async () => {
  const directory = temporaryFolder()
  const backend = await openLockfileBackend({ directory, mode: 'exclusive' })
  onTestFinished(() => backend.close())
  await backend.open('trading')
  const { holder } = await expectFailure(
    (await openLockfileBackend({ directory, mode: 'exclusive' })).open('trading'),
    'LOCKED',
  )
  expect(holder?.command).toContain(process.argv[1])
  const home = join(directory, 'trading.lock', 'held')
  const [ticket = ''] = readdirSync(home)
  expect(JSON.parse(readFileSync(join(home, ticket), 'utf8'))).toMatchObject({
    holdfast: 1,
    ...holder,
  })
})
