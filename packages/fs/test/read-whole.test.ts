import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, readWhole } from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

test.each([0, 1, 4095, 4096, 4097, 300_000, 17 * 1024 * 1024])(
  'a file of %i bytes is read whole',
  async (size) => {
    const path = join(freshFolder(), 'state')
    const content = Buffer.alloc(size, 'holdfast ')
    writeFileSync(path, content)
    const bytes = await readWhole(nodeFileSystem, path)
    expect(bytes === null ? null : content.equals(bytes)).toBe(true)
  },
)

test('item 28 of the correctness points: a missing file is null, and nothing else is', async () => {
  const folder = freshFolder()
  expect(await readWhole(nodeFileSystem, join(folder, 'missing'))).toBeNull()
  expect(await readWhole(nodeFileSystem, join(folder, 'no', 'folder'))).toBeNull()
  writeFileSync(join(folder, 'state'), 'old')
  for (const code of ['EACCES', 'EIO', 'EPERM', 'ESTALE', 'ELOOP'] as const) {
    const { fs } = recordCalls((call) => {
      if (call.method === 'open') throw fault(code, call)
    }, 'linux')
    expect(await rejectionOf(readWhole(fs, join(folder, 'state')))).toMatchObject({ code })
  }
  expect(await rejectionOf(readWhole(nodeFileSystem, join(folder, 'state', 'x')))).toMatchObject({
    code: 'ENOTDIR',
  })
})

test('an error while reading is thrown, and the file is closed', async () => {
  const path = join(freshFolder(), 'state')
  writeFileSync(path, 'old')
  const { fs, calls } = recordCalls((call) => {
    if (call.method === 'read') throw fault('EIO', call)
  })
  expect(await rejectionOf(readWhole(fs, path))).toMatchObject({ code: 'EIO', syscall: 'read' })
  expect(calls.map(nameOf)).toEqual(['open', 'fstat', 'read', 'close'])
})

test('a file that grows while it is read is read to its end', async () => {
  const path = join(freshFolder(), 'state')
  writeFileSync(path, 'x'.repeat(5000))
  let reads = 0
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method === 'read') {
      reads += 1
      if (reads === 1) appendFileSync(path, 'y'.repeat(10_000))
    }
    return proceed()
  })
  expect((await readWhole(fs, path))?.length).toBe(15_000)
})

test('a directory is EISDIR, and a FIFO is EINVAL without waiting for a writer', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'directory'))
  execFileSync('mkfifo', [join(folder, 'fifo')])
  expect(await rejectionOf(readWhole(nodeFileSystem, join(folder, 'directory')))).toMatchObject({
    code: 'EISDIR',
  })
  expect(await rejectionOf(readWhole(nodeFileSystem, join(folder, 'fifo')))).toMatchObject({
    code: 'EINVAL',
  })
})

test('links are followed, and a circle of them is ELOOP', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'state'), 'old')
  symlinkSync('state', join(folder, 'link'))
  symlinkSync('circle', join(folder, 'circle'))
  expect((await readWhole(nodeFileSystem, join(folder, 'link')))?.length).toBe(3)
  expect(await rejectionOf(readWhole(nodeFileSystem, join(folder, 'circle')))).toMatchObject({
    code: 'ELOOP',
  })
})

test('an aborted signal ends a read with AbortError', async () => {
  const path = join(freshFolder(), 'state')
  writeFileSync(path, 'old')
  const error = await rejectionOf(readWhole(nodeFileSystem, path, { signal: AbortSignal.abort() }))
  expect(error).toMatchObject({ name: 'AbortError' })
})
