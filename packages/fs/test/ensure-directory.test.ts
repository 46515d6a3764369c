import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureDirectory, nodeFileSystem, readWhole, writeFileAtomic } from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

/** The directories above `path`, outermost first. */
function levelsAbove(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [...levelsAbove(parent), parent]
}

test('item 14: missing parents are created with mode 0700', async () => {
  const folder = freshFolder()
  await writeFileAtomic(join(folder, 'a', 'b', 'state.json'), 'new')
  for (const level of ['a', 'a/b']) {
    expect(statSync(join(folder, level)).mode & 0o7777).toBe(0o700)
  }
})

test('item 14: the names of all levels are synced before anything is written', async () => {
  const folder = freshFolder()
  const { fs, calls } = recordCalls()
  await writeFileAtomic(join(folder, 'a', 'b', 'state.json'), 'new', { fs })
  const before = calls.slice(0, calls.map(nameOf).indexOf('open'))
  const synced = before.filter((call) => call.method === 'fsync').map((call) => call.path)
  expect(synced).toEqual([...levelsAbove(folder), folder, join(folder, 'a')])
})

test('item 14: durability process creates parents and syncs none', async () => {
  const folder = freshFolder()
  const { fs, calls } = recordCalls()
  await writeFileAtomic(join(folder, 'a', 'state.json'), 'new', { fs, durability: 'process' })
  expect(calls.map(nameOf)).not.toContain('fsync directory')
})

test('item 14: with createDirectories false a missing parent is ENOENT, and is not created', async () => {
  const folder = freshFolder()
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'a', 'state.json'), 'new', { createDirectories: false }),
  )
  expect(error).toMatchObject({ code: 'ENOENT', committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 14: reading creates no directory', async () => {
  const folder = freshFolder()
  expect(await readWhole(nodeFileSystem, join(folder, 'a', 'state.json'))).toBeNull()
  expect(readdirSync(folder)).toEqual([])
})

test('item 14: a level whose parent cannot be synced is an error, and is removed again', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync' && call.path === join(folder, 'a')) throw fault('EIO', call)
  })
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'a', 'b', 'state.json'), 'x', { fs }),
  )
  expect(error).toMatchObject({ code: 'EIO', committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 14: where parents cannot be synced at all the result says process', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync' && call.path === folder) throw fault('EINVAL', call)
  })
  const written = await writeFileAtomic(join(folder, 'a', 'state.json'), 'new', { fs })
  expect(written.durability).toBe('process')
})

test('an existing directory is left as it is, and its name is synced: who created it may not have', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'a'), { mode: 0o755 })
  const { fs, calls } = recordCalls()
  const ensured = await ensureDirectory(fs, join(folder, 'a'), { durable: true })
  expect(ensured).toEqual({ created: [], durability: 'power' })
  const synced = calls.filter((call) => call.method === 'fsync').map((call) => call.path)
  expect(synced).toEqual([...levelsAbove(folder), folder])
})

test('a level above that may not be read, or not be synced, stops nothing', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'openDirectory' && call.path === '/') throw fault('EACCES', call)
    if (call.method === 'fsync' && call.path === dirname(folder)) throw fault('EINVAL', call)
  })
  const ensured = await ensureDirectory(fs, join(folder, 'a'), { durable: true })
  expect(ensured.durability).toBe('power')
})

test('a level above whose sync fails is an error', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync' && call.path === '/') throw fault('EIO', call)
  })
  const ensuring = ensureDirectory(fs, join(folder, 'a'), { durable: true })
  expect(await rejectionOf(ensuring)).toMatchObject({ code: 'EIO' })
  expect(readdirSync(folder)).toEqual([])
})

test('two that create the same levels at once both succeed', async () => {
  const path = join(freshFolder(), 'a', 'b', 'c')
  const made = await Promise.all(
    [1, 2].map(() => ensureDirectory(nodeFileSystem, path, { durable: true })),
  )
  expect(made.flatMap(({ created }) => created)).toHaveLength(3)
  expect(existsSync(path)).toBe(true)
})

test('something else in the place of a level is ENOTDIR and names it', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'a'), 'a file')
  const error = await rejectionOf(
    ensureDirectory(nodeFileSystem, join(folder, 'a'), { durable: true }),
  )
  expect(error).toMatchObject({ code: 'ENOTDIR', path: join(folder, 'a') })
})

test('an existing directory that mkdir refuses with EROFS is accepted', async () => {
  const { fs } = recordCalls((call) => {
    if (call.method === 'mkdir') throw fault('EROFS', call)
  })
  const ensured = await ensureDirectory(fs, freshFolder(), { durable: true })
  expect(ensured.created).toEqual([])
})

test('a mkdir that never finds its parent ends with ENOENT', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'mkdir') throw fault('ENOENT', call)
  })
  const error = await rejectionOf(ensureDirectory(fs, join(folder, 'a', 'b'), { durable: true }))
  expect(error).toMatchObject({ code: 'ENOENT', syscall: 'mkdir' })
})
