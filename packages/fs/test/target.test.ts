import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { nodeFileSystem, resolveTarget, writeFileAtomic } from '../src/index.ts'
import { nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

test('item 11: a relative path, a linked directory and a relative link lead to one absolute target', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real'))
  symlinkSync('real', join(folder, 'linked'))
  symlinkSync('../real/state.json', join(folder, 'real', 'link.json'))
  const target = join(folder, 'real', 'state.json')
  const spellings = [
    target,
    relative(process.cwd(), target),
    join(folder, 'linked', 'state.json'),
    join(folder, 'linked', 'link.json'),
    `${folder}/./linked//state.json`,
  ]
  for (const spelling of spellings) {
    expect(await resolveTarget(nodeFileSystem, spelling, 'follow')).toBe(target)
  }
})

test('item 11: dots after a link count from where the link leads, as the kernel has it', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'deep', 'real'), { recursive: true })
  symlinkSync('deep/real', join(folder, 'linked'))
  const spelling = `${folder}/linked/../state.json`
  expect(await resolveTarget(nodeFileSystem, spelling, 'follow')).toBe(
    join(folder, 'deep', 'state.json'),
  )
})

test('item 11: a write through a link keeps the link and replaces the file behind it', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real'))
  symlinkSync('real/state.json', join(folder, 'link.json'))
  await writeFileAtomic(join(folder, 'link.json'), 'dangling until now')
  expect(readlinkSync(join(folder, 'link.json'))).toBe('real/state.json')
  expect(readFileSync(join(folder, 'real', 'state.json'), 'utf8')).toBe('dangling until now')
  expect(readdirSync(join(folder, 'real'))).toEqual(['state.json'])
})

test('item 11: symlinks replace puts a file in the place of the link and leaves what it led to', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'real.json'), 'kept')
  symlinkSync('real.json', join(folder, 'link.json'))
  await writeFileAtomic(join(folder, 'link.json'), 'new', { symlinks: 'replace' })
  expect(lstatSync(join(folder, 'link.json')).isFile()).toBe(true)
  expect(readFileSync(join(folder, 'link.json'), 'utf8')).toBe('new')
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('kept')
})

test('item 12 of the correctness points: the mode of a replaced link, 0777, is not taken over', async () => {
  const folder = freshFolder()
  symlinkSync('nowhere', join(folder, 'link.json'))
  await writeFileAtomic(join(folder, 'link.json'), 'new', { symlinks: 'replace' })
  expect(lstatSync(join(folder, 'link.json')).mode & 0o7777).toBe(0o600)
})

test('item 11: symlinks reject refuses a link in the place of the target with ELOOP', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'real.json'), 'kept')
  symlinkSync('real.json', join(folder, 'link.json'))
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'link.json'), 'new', { symlinks: 'reject' }),
  )
  expect(error).toMatchObject({ code: 'ELOOP', committed: false, path: join(folder, 'link.json') })
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('kept')
})

test('item 11: 40 links are followed, and the 41st ends with ELOOP', async () => {
  const folder = freshFolder()
  for (let index = 1; index <= 41; index += 1) {
    symlinkSync(`link${index - 1}`, join(folder, `link${index}`))
  }
  expect(await resolveTarget(nodeFileSystem, join(folder, 'link40'), 'follow')).toBe(
    join(folder, 'link0'),
  )
  const error = await rejectionOf(writeFileAtomic(join(folder, 'link41'), 'new'))
  expect(error).toMatchObject({ code: 'ELOOP', committed: false })
})

test('item 11: links in a circle end with ELOOP', async () => {
  const folder = freshFolder()
  symlinkSync('b', join(folder, 'a'))
  symlinkSync('a', join(folder, 'b'))
  const error = await rejectionOf(resolveTarget(nodeFileSystem, join(folder, 'a'), 'follow'))
  expect(error).toMatchObject({ code: 'ELOOP', syscall: 'open' })
})

test('item 11: a relative path means the working directory of the call, whatever comes after', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'first'))
  mkdirSync(join(folder, 'second'))
  const before = process.cwd()
  onTestFinished(() => process.chdir(before))
  process.chdir(join(folder, 'first'))
  const written = writeFileAtomic('state.json', 'new')
  process.chdir(join(folder, 'second'))
  await written
  expect(readdirSync(join(folder, 'first'))).toEqual(['state.json'])
  expect(readdirSync(join(folder, 'second'))).toEqual([])
})

test('a file URL is a path like any other', async () => {
  const target = join(freshFolder(), 'ein Zustand.json')
  await writeFileAtomic(pathToFileURL(target), 'new')
  expect(readFileSync(target, 'utf8')).toBe('new')
})

const mutating = new Set(['open', 'mkdir', 'rename', 'unlink', 'symlink'])

async function refusal(path: string) {
  const { fs, calls } = recordCalls()
  const error = await rejectionOf(writeFileAtomic(path, 'new', { fs }))
  return { error, touched: calls.map(nameOf).filter((name) => mutating.has(name)) }
}

test('item 12: a directory in the place of the target is refused with EISDIR before any write', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'state.json'))
  const { error, touched } = await refusal(join(folder, 'state.json'))
  expect(error).toMatchObject({ code: 'EISDIR', committed: false })
  expect(touched).toEqual([])
})

test.each(['/', '.', '..', 'state/', 'state/.', 'state/..'])(
  'item 12: %s can only be a directory, and is refused with EISDIR before any write',
  async (path) => {
    const { error, touched } = await refusal(path)
    expect(error).toMatchObject({ code: 'EISDIR', committed: false })
    expect(touched).toEqual([])
  },
)

test('item 12: a FIFO is refused with EINVAL and is not waited for', async () => {
  const folder = freshFolder()
  execFileSync('mkfifo', [join(folder, 'state.json')])
  const { error, touched } = await refusal(join(folder, 'state.json'))
  expect(error).toMatchObject({ code: 'EINVAL', committed: false })
  expect(touched).toEqual([])
  expect(lstatSync(join(folder, 'state.json')).isFIFO()).toBe(true)
})

test('item 12: a socket is refused with EINVAL before any write', async () => {
  const path = join(freshFolder(), 'state.json')
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const { error, touched } = await refusal(path)
  expect(error).toMatchObject({ code: 'EINVAL', committed: false })
  expect(touched).toEqual([])
})

test('an empty path is refused with ENOENT', async () => {
  expect(await rejectionOf(writeFileAtomic('', 'new'))).toMatchObject({
    code: 'ENOENT',
    committed: false,
  })
})

test('a file in the place of a directory on the way is refused with ENOTDIR', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'file'), 'kept')
  const { error } = await refusal(join(folder, 'file', 'state.json'))
  expect(error).toMatchObject({ code: 'ENOTDIR', committed: false })
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept')
})
