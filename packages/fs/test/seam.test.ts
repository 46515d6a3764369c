import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, openDirectory } from '../src/index.ts'
import type { FileCall } from '../src/index.ts'
import { freshFolder } from './fresh-folder.ts'

const sources = new URL('../src/', import.meta.url)

test('item 45: only the real file system, and the look at /proc, import node:fs', () => {
  const importing = readdirSync(sources).filter((name) =>
    /from '(node:)?fs(\/promises)?'/.test(readFileSync(new URL(name, sources), 'utf8')),
  )
  expect(importing.toSorted()).toEqual([
    'instance.ts',
    'node-file-handle.ts',
    'node-file-stat.ts',
    'node-file-system.ts',
  ])
})

test('item 45: every call, on paths and on handles, goes through the seam', async () => {
  const folder = freshFolder()
  const at = (name: string): string => join(folder, name)
  const calls: FileCall[] = []
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    calls.push(call)
    return proceed()
  })
  const handle = await fs.open(at('a'), { access: 'readwrite', create: 'exclusive' })
  await handle.write(Buffer.from('abc'), 0)
  await handle.read(Buffer.alloc(3), 0)
  const { uid, gid } = await handle.stat()
  await handle.chmod(0o640)
  await handle.chown(uid, gid)
  await handle.truncate(1)
  await handle.sync()
  await handle.dataSync()
  await handle.close()
  await fs.stat(at('a'))
  await fs.lstat(at('a'))
  await fs.lstatIfThere(at('a'))
  await fs.link(at('a'), at('b'))
  await fs.rename(at('b'), at('c'))
  await fs.unlink(at('c'))
  await fs.symlink('a', at('d'))
  await fs.readlink(at('d'))
  await fs.mkdir(at('e'), 0o700)
  await fs.rmdir(at('e'))
  await fs.readdir(folder)
  await (await openDirectory(fs, folder)).close()
  fs.watch(folder, () => undefined)[Symbol.dispose]()
  expect(calls.map(({ method }) => method).join(' ')).toBe(
    'open write read fstat fchmod fchown ftruncate fsync fdatasync close stat lstat lstat link rename ' +
      'unlink symlink readlink mkdir rmdir readdir openDirectory fstat close watch',
  )
  expect(calls.slice(0, 11).every(({ path }) => path === at('a'))).toBe(true)
})

test('item 45: an interceptor may answer by itself, answer later, and claim another platform', async () => {
  const fs = interceptFileSystem(
    nodeFileSystem,
    async (call, proceed) => {
      await new Promise(setImmediate)
      return call.method === 'readlink' ? 'made up' : proceed()
    },
    'win32',
  )
  expect(await fs.readlink('/nowhere')).toBe('made up')
  expect((await fs.stat('/')).kind).toBe('directory')
  expect(fs.platform).toBe('win32')
})
