import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, openAppendFile } from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

function freshFile(content = 'a\n'): string {
  const path = join(freshFolder(), 'log')
  writeFileSync(path, content)
  return path
}

test('an append is one write at the end of the file, and tells how large the file is then', async () => {
  const path = freshFile()
  const { fs, calls } = recordCalls(undefined, 'linux')
  await using file = await openAppendFile(fs, path)
  writeFileSync(path, 'other\n', { flag: 'a' })
  const { isWhole, stat } = await file.append(Buffer.from('b\n'))
  expect([isWhole, stat.size]).toEqual([true, 10])
  expect(readFileSync(path, 'utf8')).toBe('a\nother\nb\n')
  expect(calls.map(nameOf)).toEqual(['open', 'write', 'fstat'])
  expect(calls[0]).toMatchObject({ flags: { append: true } })
})

test('a short write is not continued, and is told', async () => {
  const path = freshFile()
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) =>
    call.method === 'write' ? proceed(call.data.subarray(0, 1)) : proceed(),
  )
  await using file = await openAppendFile(fs, path)
  expect((await file.append(Buffer.from('bcd\n'))).isWhole).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe('a\nb')
})

test('a line of more than 8 MiB is still one write', async () => {
  const path = freshFile('')
  const { fs, calls } = recordCalls(undefined, 'linux')
  await using file = await openAppendFile(fs, path)
  const { isWhole, stat } = await file.append(Buffer.alloc(9 * 1024 * 1024, 'x'))
  expect([isWhole, stat.size]).toEqual([true, 9 * 1024 * 1024])
  expect(calls.map(nameOf)).toEqual(['open', 'write', 'fstat'])
})

test('a failed sync is thrown, and not tried again', async () => {
  const { fs, calls } = recordCalls((call) => {
    if (call.method === 'fdatasync') throw fault('EIO', call)
  })
  await using file = await openAppendFile(fs, freshFile())
  await file.append(Buffer.from('b\n'))
  expect(await rejectionOf(file.sync())).toMatchObject({ code: 'EIO' })
  expect(calls.filter(({ method }) => method === 'fdatasync').length).toBe(1)
})

test('a sync that was asked for begins before the file is looked at', async () => {
  const { fs, calls } = recordCalls(undefined, 'linux')
  await using file = await openAppendFile(fs, freshFile())
  const { synced } = await file.append(Buffer.from('b\n'), true)
  await synced
  expect(calls.map(nameOf)).toEqual(['open', 'write', 'fdatasync', 'fstat'])
  expect((await file.append(Buffer.from('c\n'))).synced).toBe(null)
})

test('its failure is told to who waits for it, and to nobody else', async () => {
  const { fs } = recordCalls((call) => {
    if (call.method === 'fdatasync') throw fault('EIO', call)
  })
  await using file = await openAppendFile(fs, freshFile())
  const { isWhole, synced } = await file.append(Buffer.from('b\n'), true)
  await new Promise((resolve) => setImmediate(resolve)) // a rejection that nobody handled would be told
  expect([isWhole, file.hasFailedSync]).toEqual([true, true])
  expect(await rejectionOf(Promise.resolve(synced))).toMatchObject({ code: 'EIO' })
})

test('the descriptor is not closed under a sync, also where the look at the file failed', async () => {
  const ends: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'fstat') throw fault('EIO', call)
    if (call.method === 'fdatasync') await new Promise((resolve) => setTimeout(resolve, 20))
    const result = await proceed()
    if (call.method === 'fdatasync' || call.method === 'close') ends.push(call.method)
    return result
  })
  const file = await openAppendFile(fs, freshFile())
  expect(await rejectionOf(file.append(Buffer.from('b\n'), true))).toMatchObject({ code: 'EIO' })
  await file.close()
  expect(ends).toEqual(['fdatasync', 'close'])
})

test('one sync makes durable what this and others appended', async () => {
  const { fs, calls } = recordCalls()
  await using file = await openAppendFile(fs, freshFile())
  await file.sync()
  expect(calls.map(nameOf)).toEqual(['open', 'fdatasync'])
})
