import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import type { FileOptions } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { Place } from './place.ts'
import { recordingFileSystem, summary, systemError } from './record.ts'

/**
 * The calls of the commit of version 4 by a handle that has committed before, with what it does in its
 * own turn afterwards: a read waits for that, and its one call is left out.
 */
async function traceOf(options: Partial<FileOptions>): Promise<string[]> {
  const place = new Place()
  const { fileSystem, calls } = recordingFileSystem()
  const sequence = await place.open(options, { fileSystem })
  for (const base of [0, 1, 2]) await sequence.commit(pendingChange({ base, data: base }))
  await sequence.read(3)
  calls.length = 0
  await sequence.commit(pendingChange({ base: 3, data: 3 }))
  await sequence.read(4)
  return summary(calls, place.directory).slice(0, -1)
}

const stage = ['lstat trading.json', 'open <temporary>', 'write <temporary>', 'fstat <temporary>']
const lock = 'symlink .trading.json.lock'
const compare = 'lstat trading.json'
const unlock = ['readlink .trading.json.lock', 'unlink .trading.json.lock']
const rename = 'rename <temporary> trading.json'

test('item 3: a commit is temporary, write, size, fsync (and lock), close, compare, rotate, rename, fsync of the directory', async () => {
  const trace = await traceOf({})
  expect(trace.filter((call) => call !== lock)).toEqual([
    'stat .',
    ...stage,
    'fsync <temporary>',
    'close <temporary>',
    compare,
    'link trading.json.1 trading.json.2',
    'lstat trading.json',
    'link trading.json <temporary>',
    'rename <temporary> trading.json.1',
    rename,
    'stat .',
    'fsync .',
    ...unlock,
    'unlink trading.json.2',
  ])
  // The lock is taken while the disk is busy, which may be over before or after.
  const locked = trace.indexOf(lock)
  expect(locked).toBeGreaterThan(trace.indexOf('fsync <temporary>'))
  expect(locked).toBeLessThan(trace.indexOf('link trading.json.1 trading.json.2') - 1)
})

test('item 3: durability "process" is the same without a sync, and keep 0 without a rotation', async () => {
  expect(await traceOf({ durability: 'process', keep: 0 })).toEqual([
    'stat .',
    ...stage,
    'close <temporary>',
    lock,
    compare,
    rename,
    ...unlock,
  ])
})

test('item 9: the directory is opened once, whatever the number of commits', async () => {
  const place = new Place()
  const { fileSystem, calls } = recordingFileSystem()
  const sequence = await place.open({}, { fileSystem })
  for (let base = 0; base < 5; base += 1) await sequence.commit(pendingChange({ base, data: base }))
  const opened = calls.filter(
    (call) => call.method === 'openDirectory' && call.path === place.directory,
  )
  expect(opened).toHaveLength(1)
})

test('item 9: a replaced directory is refused, and the commit after that is made in the new one', async () => {
  const place = new Place()
  const sequence = await place.open()
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  renameSync(place.directory, `${place.directory}.moved`)
  mkdirSync(place.directory)
  const change = pendingChange({ base: 1, data: 2 })
  const error = await expectFailure(sequence.commit(change), 'IO', { committed: false })
  expect(error.message).toMatch(/moved or replaced/)
  expect(readdirSync(place.directory)).toEqual([])
  expect(await sequence.load()).toBeNull()
  expect(await sequence.commit(pendingChange({ base: 0, data: 1 }))).toEqual({ committed: true })
  expect(place.document()).toBe(1)
})

test('items 5, 8: a directory whose sync fails after the rename rejects with committed: true', async () => {
  const place = new Place()
  let isBroken = false
  const { fileSystem, calls } = recordingFileSystem((call) => {
    if (isBroken && call.method === 'fsync' && call.directory) throw systemError('EIO', -5, 'fsync')
  })
  const sequence = await place.open({}, { fileSystem })
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  isBroken = true
  const error = await expectFailure(sequence.commit(pendingChange({ base: 1, data: 2 })), 'IO', {
    committed: true,
  })
  expect(error.message).toMatch(/was committed, but may not survive a power cut: EIO/)
  expect(error.cause).toMatchObject({ code: 'EIO', syscall: 'fsync' })
  expect(await sequence.read(1)).toMatchObject({ snapshot: { version: 2, data: 2 } })
  isBroken = false
  calls.length = 0
  expect(await sequence.commit(pendingChange({ base: 2, data: 3 }))).toEqual({ committed: true })
  // The handle whose sync failed is never synced again: a second fsync would succeed.
  expect(calls.filter(({ method }) => method === 'openDirectory')).toHaveLength(1)
})

test.each([
  ['EINVAL', -22],
  ['ENOSYS', -38],
  ['ENOTSUP', -95],
])(
  'item 7: a file system without fsync (%s) is UNSUPPORTED, and the remedy is named',
  async (code, errno) => {
    for (const directory of [false, true]) {
      const place = new Place()
      const { fileSystem } = recordingFileSystem((call) => {
        if (call.method === 'fsync' && call.directory === directory)
          throw systemError(code, errno, 'fsync')
      })
      mkdirSync(place.directory)
      const change = pendingChange({ base: 0, data: 1 })
      const power = await place.open({}, { fileSystem })
      const error = await expectFailure(power.commit(change), 'UNSUPPORTED', { committed: false })
      expect(error.message).toContain('durability=process')
      expect(place.names()).toEqual([])
      const weaker = await place.open({ durability: 'process' }, { fileSystem })
      expect(await weaker.commit(change)).toEqual({ committed: true })
    }
  },
)

test('item 7: on Windows a directory that cannot be synced is no error', async () => {
  const place = new Place()
  const { fileSystem } = recordingFileSystem((call) => {
    if (call.method === 'fsync' && call.directory) throw systemError('EPERM', -1, 'fsync')
  }, 'win32')
  const sequence = await place.open({}, { fileSystem })
  for (const base of [0, 1, 2]) {
    expect(await sequence.commit(pendingChange({ base, data: base }))).toEqual({ committed: true })
  }
  await sequence.read(3) // after what the last commit does in a turn of its own
  expect(place.names()).toEqual(['trading.json', 'trading.json.1'])
})

test('item 17: on Windows a rename that another program hinders is tried again', async () => {
  const place = new Place()
  let failures = 3
  const { fileSystem } = recordingFileSystem((call) => {
    if (call.method !== 'rename' || failures === 0) return
    failures -= 1
    throw systemError('EBUSY', -16, 'rename')
  }, 'win32')
  const files = { sleep: () => Promise.resolve() }
  const sequence = await place.open({}, { fileSystem, files })
  expect(await sequence.commit(pendingChange({ base: 0, data: 1 }))).toEqual({ committed: true })
  expect(failures).toBe(0)
})

test.each(['EPERM', 'EACCES', 'EROFS', 'EISDIR', 'EBUSY', 'EXDEV'])(
  'item 18: a rename that fails with %s elsewhere is tried once',
  async (code) => {
    const place = new Place()
    const { fileSystem, calls } = recordingFileSystem((call) => {
      if (call.method === 'rename') throw systemError(code, -1, 'rename')
    })
    const sequence = await place.open({}, { fileSystem })
    const change = pendingChange({ base: 0, data: 1 })
    await expectFailure(sequence.commit(change), 'IO', { committed: false })
    expect(calls.filter(({ method }) => method === 'rename')).toHaveLength(1)
    expect(place.names()).toEqual([])
  },
)

test.each([0o022, 0o077, 0o777])(
  'item 24: with umask %o a new file has mode 0600 exactly',
  async (mask) => {
    const place = new Place()
    mkdirSync(place.directory)
    const old = process.umask(mask)
    try {
      await (await place.open()).commit(pendingChange({ base: 0, data: 1 }))
    } finally {
      process.umask(old)
    }
    expect(statSync(place.path).mode & 0o7777).toBe(0o600)
  },
)

test('item 15: a mode that was set stays, unless the option gives another', async () => {
  const place = new Place()
  await place.write(1, 1, { mode: '0640' })
  expect(statSync(place.path).mode & 0o7777).toBe(0o640)
  await place.write(2, 2)
  expect(statSync(place.path).mode & 0o7777).toBe(0o640)
  await place.write(3, 3, { mode: 0o604 })
  expect(statSync(place.path).mode & 0o7777).toBe(0o604)
})

test('item 14: directories are created by the first commit alone, with mode 0700, each parent synced', async () => {
  const place = new Place()
  const deep = join(place.directory, 'a', 'b')
  const { fileSystem, calls } = recordingFileSystem()
  const backend = await place.backend({ directory: deep }, { fileSystem })
  const sequence = await backend.open('trading')
  await sequence.load()
  await sequence.read(0)
  expect(place.names()).toEqual([])
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  for (const path of [place.directory, join(place.directory, 'a'), deep]) {
    expect(statSync(path).mode & 0o7777).toBe(0o700)
    const parent = join(path, '..')
    expect(calls).toContainEqual(expect.objectContaining({ method: 'fsync', path: parent }))
  }
})
