import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import { nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'

const looking = new Set(['lstat', 'stat', 'readlink', 'openDirectory', 'fstat directory'])

test('item 3: a commit writes, verifies, sets the mode, syncs, closes, renames, syncs the directory', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old', { mode: 0o640 })
  const { fs, calls } = recordCalls()
  await writeFileAtomic(target, 'new', { fs })
  expect(calls.map(nameOf).filter((name) => !looking.has(name))).toEqual([
    'open',
    'write',
    'fstat',
    'fchmod',
    'fsync',
    'close',
    'rename',
    'fsync directory',
    'close directory',
  ])
  expect(readFileSync(target, 'utf8')).toBe('new')
})

test('item 3: the owner is set before the mode, because chown clears the set-id bits', async () => {
  const target = join(freshFolder(), 'state.json')
  writeFileSync(target, 'old')
  const made: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    made.push(call.method)
    if (call.method === 'fchown') return undefined
    const stat = await nodeFileSystem.lstat(target)
    return call.method === 'lstat' && call.path === target
      ? { ...stat, gid: 54_321, mode: 0o102_640 }
      : proceed()
  })
  const { stat } = await writeFileAtomic(target, 'new', { fs })
  expect(made.slice(made.indexOf('fstat', made.indexOf('write')))).toEqual([
    'fstat',
    'fchown',
    'fchmod',
    'fsync',
    'close',
    'rename',
    'stat',
    'fsync',
    'close',
  ])
  expect([stat.gid, stat.mode & 0o7777]).toEqual([54_321, 0o2640])
})

test('item 3: the temporary is created exclusively, following no link, with mode 0600, beside the target', async () => {
  const target = join(freshFolder(), 'state.json')
  const { fs, calls } = recordCalls()
  await writeFileAtomic(target, 'new', { fs })
  const opens = calls.filter((call) => call.method === 'open')
  expect(opens).toHaveLength(1)
  expect(opens[0]).toMatchObject({
    flags: { access: 'write', create: 'exclusive', noFollow: true, mode: 0o600 },
  })
  expect(dirname(opens[0]?.path ?? '')).toBe(dirname(target))
})

test('item 8: durability process syncs nothing, and says so', async () => {
  const { fs, calls } = recordCalls()
  const target = join(freshFolder(), 'state.json')
  const { durability } = await writeFileAtomic(target, 'new', { fs, durability: 'process' })
  expect(durability).toBe('process')
  expect(calls.filter((call) => call.method === 'fsync')).toEqual([])
})

test('item 8: durability is power when nothing is asked for, and the result says that it was achieved', async () => {
  const { fs, calls } = recordCalls()
  const { durability } = await writeFileAtomic(join(freshFolder(), 'state.json'), 'new', { fs })
  expect(durability).toBe('power')
  expect(calls.filter((call) => call.method === 'fsync')).toHaveLength(2)
})

test('item 8: the rename waits for the sync of the file, and the promise for the sync of the directory', async () => {
  const target = join(freshFolder(), 'state.json')
  const finished: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    finished.push(nameOf(call))
    return result
  })
  await writeFileAtomic(target, 'new', { fs })
  finished.push('resolved')
  const tail = finished.filter((name) => /^(fsync|close|rename|resolved)/.test(name))
  expect(tail).toEqual([
    'fsync',
    'close',
    'rename',
    'fsync directory',
    'close directory',
    'resolved',
  ])
})

test('item 44: of a 1 KB commit nothing but the two syncs goes through the thread pool', async () => {
  const { fs, pooled } = recordCalls()
  await writeFileAtomic(join(freshFolder(), 'state.json'), 'x'.repeat(1024), { fs })
  expect(pooled.map(nameOf)).toEqual(['fsync', 'fsync directory'])
})
