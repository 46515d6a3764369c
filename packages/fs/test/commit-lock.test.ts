import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  acquireCommitLock,
  currentInstance,
  formatInstance,
  interceptFileSystem,
  nodeFileSystem,
} from '../src/index.ts'
import type { FileSystem } from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { closedGate } from './gate.ts'
import { rejectionOf } from './rejection.ts'

const self = currentInstance()
const dead = { ...self, startedAt: '1' }
const deadToken = (name: string): string => `${formatInstance(dead)}.${name.padStart(16, '0')}`

const withoutLinks = interceptFileSystem(nodeFileSystem, (call, proceed) => {
  if (call.method === 'symlink') throw fault('EPERM', call)
  return proceed()
})

const kinds: [string, FileSystem][] = [
  ['as a link', nodeFileSystem],
  ['as a file, where links cannot be made', withoutLinks],
]

/** The lock of a breaker of the lock at `path` that says `token`. */
function breakerOf(path: string, token: string): string {
  return `${path}.${createHash('sha256').update(token).digest('hex').slice(0, 8)}`
}

async function acquired(fs: FileSystem, path: string) {
  const lock = await acquireCommitLock(fs, path, self)
  if (!lock.acquired) throw new Error(`held by ${JSON.stringify(lock.owner)}`)
  return lock
}

test.each(kinds)(
  'a lock %s is held by one, says whose it is, and is gone after release',
  async (_, fs) => {
    const folder = freshFolder()
    const path = join(folder, 'lock')
    const lock = await acquired(fs, path)
    expect(await acquireCommitLock(fs, path, self)).toEqual({ acquired: false, owner: self })
    expect(await lock.release()).toBe(true)
    expect(readdirSync(folder)).toEqual([])
    expect(await (await acquired(fs, path)).release()).toBe(true)
  },
)

test('the owner is in the lock from its first instant on', async () => {
  const path = join(freshFolder(), 'lock')
  const { fs, calls } = recordCalls()
  await acquired(fs, path)
  expect(calls.map(nameOf)).toEqual(['symlink'])
  expect(readlinkSync(path)).toMatch(new RegExp(`^${formatInstance(self)}\\.[\\da-f]{16}$`))
  expect(readlinkSync(path).length).toBeLessThan(60)
})

test.each(kinds)(
  'a lock %s of a dead owner is taken over, and nothing else is left',
  async (_, fs) => {
    const folder = freshFolder()
    const path = join(folder, 'lock')
    if (fs === nodeFileSystem) symlinkSync(deadToken('1'), path)
    else writeFileSync(path, deadToken('1'))
    const lock = await acquired(fs, path)
    expect(readdirSync(folder)).toEqual(['lock'])
    expect(await lock.release()).toBe(true)
  },
)

test('two that saw the same dead owner do not both remove its lock', async () => {
  const path = join(freshFolder(), 'lock')
  symlinkSync(deadToken('1'), path)
  const gate = closedGate()
  let isFirst = true
  const slow = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    if (call.method === 'readlink' && isFirst) {
      isFirst = false
      await gate.pass()
    }
    return result
  })
  const slower = acquireCommitLock(slow, path, self)
  await gate.reached
  const lock = await acquired(nodeFileSystem, path)
  gate.open()
  expect(await slower).toEqual({ acquired: false, owner: self })
  expect(await lock.release()).toBe(true)
})

test('a takeover that died halfway is itself taken over', async () => {
  const folder = freshFolder()
  const path = join(folder, 'lock')
  symlinkSync(deadToken('1'), path)
  symlinkSync(deadToken('2'), breakerOf(path, deadToken('1')))
  await (await acquired(nodeFileSystem, path)).release()
  expect(readdirSync(folder)).toEqual([])
})

test('a takeover under way by a live process is left to it', async () => {
  const folder = freshFolder()
  const path = join(folder, 'lock')
  symlinkSync(deadToken('1'), path)
  symlinkSync(`${formatInstance(self)}.live`, breakerOf(path, deadToken('1')))
  expect(await acquireCommitLock(nodeFileSystem, path, self)).toEqual({
    acquired: false,
    owner: dead,
  })
  expect(readdirSync(folder)).toHaveLength(2)
})

test('after three takeovers that died inside each other the lock is held, and nothing is removed', async () => {
  const folder = freshFolder()
  let path = join(folder, 'lock')
  for (const name of ['1', '2', '3', '4']) {
    symlinkSync(deadToken(name), path)
    path = breakerOf(path, deadToken(name))
  }
  const result = await acquireCommitLock(nodeFileSystem, join(folder, 'lock'), self)
  expect(result).toEqual({ acquired: false, owner: dead })
  expect(readdirSync(folder)).toHaveLength(4)
})

test.each([
  ['of another host', `${formatInstance({ ...dead, host: '00000000' })}.1`],
  ['of another container', `${formatInstance({ ...dead, pidNamespace: '00000000' })}.1`],
])('a lock %s is never taken over', async (_, token) => {
  const path = join(freshFolder(), 'lock')
  symlinkSync(token, path)
  expect((await acquireCommitLock(nodeFileSystem, path, self)).acquired).toBe(false)
  expect(readlinkSync(path)).toBe(token)
})

test.each(['', 'somebody else', 'emacs@host.4711:1'])(
  'a lock that says %j is held by nobody known, and stays',
  async (content) => {
    const path = join(freshFolder(), 'lock')
    writeFileSync(path, content)
    expect(await acquireCommitLock(withoutLinks, path, self)).toEqual({
      acquired: false,
      owner: null,
    })
    expect(readFileSync(path, 'utf8')).toBe(content)
  },
)

test('a release that finds another’s lock in its place leaves it and says so', async () => {
  const path = join(freshFolder(), 'lock')
  const lock = await acquired(nodeFileSystem, path)
  unlinkSync(path)
  expect(await lock.release()).toBe(false)
  const other = await acquired(nodeFileSystem, path)
  expect(await lock.release()).toBe(false)
  expect(lstatSync(path).isSymbolicLink()).toBe(true)
  expect(await other.release()).toBe(true)
})

test('a lock that vanishes between the two looks is tried for again', async () => {
  const path = join(freshFolder(), 'lock')
  symlinkSync(`${formatInstance(self)}.live`, path)
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method === 'readlink') unlinkSync(path)
    return proceed()
  })
  expect((await acquireCommitLock(fs, path, self)).acquired).toBe(true)
})

test('errors are thrown, not taken for a held lock', async () => {
  const folder = freshFolder()
  const path = join(folder, 'lock')
  const failing = (method: string) =>
    recordCalls((call) => {
      if (call.method === method) throw fault('EIO', call)
    }).fs
  expect(await rejectionOf(acquireCommitLock(failing('symlink'), path, self))).toMatchObject({
    code: 'EIO',
  })
  mkdirSync(path)
  expect(await rejectionOf(acquireCommitLock(nodeFileSystem, path, self))).toMatchObject({
    code: 'EISDIR',
  })
  symlinkSync(deadToken('1'), join(folder, 'other'))
  expect(
    await rejectionOf(acquireCommitLock(failing('unlink'), join(folder, 'other'), self)),
  ).toMatchObject({ code: 'EIO' })
})

test('a lock that cannot be read is an error: it is neither free nor released', async () => {
  const path = join(freshFolder(), 'lock')
  const unreadable = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method === 'readlink') throw fault('EIO', call)
    return proceed()
  })
  const lock = await acquireCommitLock(unreadable, path, self)
  if (!lock.acquired) throw new Error('a free lock was not acquired')
  expect(await rejectionOf(lock.release())).toMatchObject({ code: 'EIO' })
  expect(await rejectionOf(acquireCommitLock(unreadable, path, self))).toMatchObject({
    code: 'EIO',
  })
  expect(readlinkSync(path)).toContain(formatInstance(self))
})

test('a lock file that cannot be filled is removed again', async () => {
  const folder = freshFolder()
  const fs = interceptFileSystem(withoutLinks, (call, proceed) => {
    if (call.method === 'write') throw fault('ENOSPC', call)
    return proceed()
  })
  const error = await rejectionOf(acquireCommitLock(fs, join(folder, 'lock'), self))
  expect(error).toMatchObject({ code: 'ENOSPC' })
  expect(readdirSync(folder)).toEqual([])
})
