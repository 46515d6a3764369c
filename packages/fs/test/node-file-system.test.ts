import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFileSystem } from '../src/index.ts'
import { freshFolder } from './fresh-folder.ts'

const large = Buffer.alloc(300_000, 'holdfast ')

async function codeOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no error'
  }
}

test('small reads and writes answer at once, large ones and all syncs later', async () => {
  const handle = await nodeFileSystem.open(join(freshFolder(), 'a'), {
    access: 'readwrite',
    create: 'exclusive',
  })
  const answers = [
    handle.write(Buffer.from('small'), 0),
    handle.read(Buffer.alloc(5), 0),
    handle.write(large, 0),
    handle.read(Buffer.alloc(large.length), 0),
    handle.sync(),
    handle.dataSync(),
  ]
  expect(answers.map((answer) => answer instanceof Promise)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
  ])
  for (const answer of answers) await answer
  await handle.close()
})

test('what was written at a position is read back from it', async () => {
  const path = join(freshFolder(), 'a')
  const handle = await nodeFileSystem.open(path, { access: 'readwrite', create: 'ifMissing' })
  expect(await handle.write(Buffer.from('abc'), 2)).toBe(3)
  expect(await handle.write(large, 5)).toBe(large.length)
  const back = Buffer.alloc(large.length + 100)
  expect(await handle.read(back, 5)).toBe(large.length)
  expect(back.subarray(0, large.length).equals(large)).toBe(true)
  await handle.truncate(5)
  expect((await handle.stat()).size).toBe(5)
  await handle.close()
  expect(readFileSync(path, 'latin1')).toBe('\0\0abc')
})

test('append writes at the end', async () => {
  const path = join(freshFolder(), 'a')
  writeFileSync(path, 'one ')
  const handle = await nodeFileSystem.open(path, { access: 'write', append: true })
  expect(await handle.write(Buffer.from('two'), null)).toBe(3)
  await handle.close()
  expect(readFileSync(path, 'utf8')).toBe('one two')
})

test('exclusive refuses what exists, noFollow refuses a link', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'a'), 'kept')
  symlinkSync('a', join(folder, 'link'))
  const exclusive = { access: 'write', create: 'exclusive' } as const
  const noFollow = { access: 'write', noFollow: true } as const
  expect(await codeOf(() => nodeFileSystem.open(join(folder, 'a'), exclusive))).toBe('EEXIST')
  expect(await codeOf(() => nodeFileSystem.open(join(folder, 'link'), noFollow))).toBe('ELOOP')
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('kept')
})

test('a created file has mode 0600 when nothing else is asked for', async () => {
  const path = join(freshFolder(), 'a')
  await (await nodeFileSystem.open(path, { access: 'write', create: 'exclusive' })).close()
  expect((await nodeFileSystem.stat(path)).mode & 0o7777).toBe(0o600)
})

test('stat tells files, directories, links and others apart, and identity is exact', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'a'), 'abc')
  symlinkSync('a', join(folder, 'link'))
  const kinds = [folder, join(folder, 'a'), '/dev/null'].map(async (path) => {
    return (await nodeFileSystem.stat(path)).kind
  })
  expect(await Promise.all(kinds)).toEqual(['directory', 'file', 'other'])
  const link = await nodeFileSystem.lstat(join(folder, 'link'))
  expect([link.kind, await nodeFileSystem.readlink(join(folder, 'link'))]).toEqual(['symlink', 'a'])
  expect(await nodeFileSystem.lstatIfThere(join(folder, 'link'))).toEqual(link)
  expect(await nodeFileSystem.lstatIfThere(join(folder, 'missing'))).toBe(null)
  expect(await nodeFileSystem.lstatIfThere(join(folder, 'missing/too'))).toBe(null)
  const followed = await nodeFileSystem.stat(join(folder, 'link'))
  expect(followed).toMatchObject({
    ino: (await nodeFileSystem.stat(join(folder, 'a'))).ino,
    size: 3,
  })
})

test('names are made, moved, listed and removed', async () => {
  const folder = freshFolder()
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('a'), 'abc')
  await nodeFileSystem.link(at('a'), at('b'))
  expect(await codeOf(() => nodeFileSystem.link(at('a'), at('b')))).toBe('EEXIST')
  await nodeFileSystem.symlink('anything', at('c'))
  expect(await codeOf(() => nodeFileSystem.symlink('other', at('c')))).toBe('EEXIST')
  await nodeFileSystem.mkdir(at('d'), 0o700)
  await nodeFileSystem.rename(at('b'), at('e'))
  expect((await nodeFileSystem.readdir(folder)).toSorted()).toEqual(['a', 'c', 'd', 'e'])
  await nodeFileSystem.unlink(at('a'))
  await nodeFileSystem.rmdir(at('d'))
  expect((await nodeFileSystem.readdir(folder)).toSorted()).toEqual(['c', 'e'])
})

test('only a directory opens as one, and it can be synced', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'a'), 'abc')
  expect(await codeOf(() => nodeFileSystem.openDirectory(join(folder, 'a')))).toBe('ENOTDIR')
  const handle = await nodeFileSystem.openDirectory(folder)
  expect((await handle.stat()).kind).toBe('directory')
  await handle.sync()
  await handle.close()
})

test('a watcher calls when a file in the directory is replaced, and no more once it is disposed', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'watched'))
  let calls = 0
  let heard!: () => void
  const hearing = new Promise<void>((resolve) => {
    heard = resolve
  })
  const watcher = nodeFileSystem.watch(join(folder, 'watched'), () => {
    calls += 1
    heard()
  })
  writeFileSync(join(folder, 'new'), 'new')
  renameSync(join(folder, 'new'), join(folder, 'watched', 'state.json'))
  // The watcher itself keeps nothing alive, so something else has to.
  const timer = setInterval(() => undefined, 1000)
  await hearing
  clearInterval(timer)
  watcher[Symbol.dispose]()
  const before = calls
  writeFileSync(join(folder, 'watched', 'state.json'), 'newer')
  await new Promise(setImmediate)
  expect(calls).toBe(before)
})
