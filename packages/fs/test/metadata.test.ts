import { chmodSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import type { FileSystem } from '../src/index.ts'
import { messagesOn } from './channel-messages.ts'
import { fault } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

function withUmask(umask: number): void {
  const before = process.umask(umask)
  onTestFinished(() => void process.umask(before))
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777

// The modes and masks of renameio's TestWriteFile. Its WriteFile lets the mask clear bits unless
// IgnoreUmask is given; here a mode is always exact.
const modes = [0o755, 0o644, 0o400, 0o765]
const umasks = [0o000, 0o011, 0o007, 0o027, 0o077]
const matrix = modes.flatMap((mode) => umasks.map((umask) => ({ mode, umask })))
const octal = matrix.map(({ mode, umask }) => ({
  mode,
  umask,
  title: `0${mode.toString(8)} under umask 0${umask.toString(8).padStart(2, '0')}`,
}))

test.each(octal)('items 15 and 24: an explicit mode is exact: $title', async ({ mode, umask }) => {
  const target = join(freshFolder(), 'hello.sh')
  withUmask(umask)
  const { stat } = await writeFileAtomic(target, '#!/bin/sh\n', { mode })
  expect(modeOf(target)).toBe(mode)
  expect(stat.mode & 0o7777).toBe(mode)
})

test.each(octal)('item 15: an existing mode is kept: $title', async ({ mode, umask }) => {
  const target = join(freshFolder(), 'hello.sh')
  writeFileSync(target, 'old')
  chmodSync(target, mode)
  withUmask(umask)
  await writeFileAtomic(target, 'new')
  expect(modeOf(target)).toBe(mode)
  expect(readFileSync(target, 'utf8')).toBe('new')
})

test.each([0o000, 0o022, 0o077, 0o277])(
  'item 15: a new file has mode 0600 exactly, under umask %i',
  async (umask) => {
    const target = join(freshFolder(), 'state.json')
    withUmask(umask)
    await writeFileAtomic(target, 'new')
    expect(modeOf(target)).toBe(0o600)
  },
)

test('item 15: an explicit mode replaces an existing one, set-id and sticky bits included', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old', { mode: 0o644 })
  await writeFileAtomic(target, 'new', { mode: 0o1640 })
  expect(modeOf(target)).toBe(0o1640)
})

interface Owned {
  readonly fs: FileSystem
  readonly asked: string[]
}

/** The target seems to be another user's and group's; `refuses` says which chown is refused. */
function foreignTarget(target: string, refuses: (uid: number, gid: number) => boolean): Owned {
  const asked: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'lstat' && call.path === target) {
      return { ...(await nodeFileSystem.lstat(target)), uid: 54_321, gid: 65_432, mode: 0o106_664 }
    }
    if (call.method !== 'fchown') return proceed()
    asked.push(`${call.uid}:${call.gid}`)
    if (refuses(call.uid, call.gid)) throw fault('EPERM', call)
    return undefined
  })
  return { fs, asked }
}

test('item 16: the owner and group of the target are kept', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old')
  const { fs, asked } = foreignTarget(target, () => false)
  const { stat } = await writeFileAtomic(target, 'new', { fs })
  expect(asked).toEqual(['54321:65432'])
  expect(stat).toMatchObject({ uid: 54_321, gid: 65_432 })
  expect(modeOf(target)).toBe(0o6664)
})

test('item 16: where the owner cannot be kept the group still is, without the set-uid bit', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old')
  const { uid } = statSync(target)
  const { fs, asked } = foreignTarget(target, (asking) => asking === 54_321)
  const { stat } = await writeFileAtomic(target, 'new', { fs })
  expect(asked).toEqual(['54321:65432', `${uid}:65432`])
  expect(stat).toMatchObject({ uid, gid: 65_432 })
  expect(modeOf(target)).toBe(0o2664)
})

test('item 16: where the group cannot be kept its bits are cleared', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old')
  const { uid, gid } = statSync(target)
  const { fs } = foreignTarget(target, () => true)
  const { stat } = await writeFileAtomic(target, 'new', { fs })
  expect(stat).toMatchObject({ uid, gid })
  expect(modeOf(target)).toBe(0o604)
})

test('item 16: a chown that fails for another reason than a refusal rejects', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old')
  const fs = interceptFileSystem(foreignTarget(target, () => false).fs, (call, proceed) => {
    if (call.method === 'fchown') throw fault('EIO', call)
    return proceed()
  })
  const error = await rejectionOf(writeFileAtomic(target, 'new', { fs }))
  expect(error).toMatchObject({ code: 'EIO', committed: false })
})

test('item 16: an owner that was asked for is set, or the write rejects', async () => {
  const target = join(freshFolder(), 'state.json')
  const owner = { uid: 54_321, gid: 65_432 }
  const { fs, asked } = foreignTarget(target, () => true)
  writeFileSync(target, 'old')
  const error = await rejectionOf(writeFileAtomic(target, 'new', { fs, owner }))
  expect(error).toMatchObject({ code: 'EPERM', committed: false })
  expect(asked).toEqual(['54321:65432'])
  expect(readFileSync(target, 'utf8')).toBe('old')
})

test('item 16: the replacement of a file with other names is told, and they keep the old content', async () => {
  const messages = messagesOn('holdfast:hard-links')
  const folder = freshFolder()
  const target = join(folder, 'state.json')
  writeFileSync(target, 'old')
  linkSync(target, join(folder, 'other.json'))
  await writeFileAtomic(target, 'new')
  await writeFileAtomic(target, 'newer')
  expect(messages).toEqual([{ path: target, nlink: 2 }])
  expect(readFileSync(join(folder, 'other.json'), 'utf8')).toBe('old')
})
