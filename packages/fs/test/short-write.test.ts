import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import type { FileSystem } from '../src/index.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

/** Each write takes at most `limit(n)` of n bytes. */
function shortWriting(limit: (length: number) => number): FileSystem {
  return interceptFileSystem(nodeFileSystem, (call, proceed) =>
    call.method === 'write'
      ? proceed(call.data.subarray(0, Math.max(1, limit(call.data.length))))
      : proceed(),
  )
}

const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251))

test.each([
  ['one byte', () => 1],
  ['half', (length: number) => length >> 1],
  ['all but one byte', (length: number) => length - 1],
])('item 6: a short write of %s is continued until all is written', async (_, limit) => {
  const target = join(freshFolder(), 'state.bin')
  await writeFileAtomic(target, content, { fs: shortWriting(limit) })
  expect(readFileSync(target).equals(content)).toBe(true)
})

test('item 6: the pieces of a source are each written whole through short writes', async () => {
  const target = join(freshFolder(), 'state.bin')
  async function* pieces() {
    yield content
    yield content
  }
  await writeFileAtomic(target, pieces(), { fs: shortWriting((length) => length >> 1) })
  expect(readFileSync(target).equals(Buffer.concat([content, content]))).toBe(true)
})

test('item 6: a write that takes nothing rejects instead of going on for ever', async () => {
  const folder = freshFolder()
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) =>
    call.method === 'write' ? 0 : proceed(),
  )
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
  expect(error).toMatchObject({ code: 'EIO', syscall: 'write', committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 6: a file that has another size than what was written is not published', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'state.json'), 'old')
  // The system claims to have taken all, and took one byte less.
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method !== 'write') return proceed()
    await proceed(call.data.subarray(1))
    return call.data.length
  })
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
  expect(error).toMatchObject({ code: 'EIO', syscall: 'fstat', committed: false })
  expect(error.message).toContain('3 bytes were written, the file has 2')
  expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('old')
})

test('item 6: a file size limit in the middle of the data rejects and leaves the old file', () => {
  const folder = freshFolder()
  const target = join(folder, 'state.bin')
  writeFileSync(target, 'old')
  const program = `
    import { isNoSpace, writeFileAtomic } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    try {
      await writeFileAtomic(${JSON.stringify(target)}, new Uint8Array(100_001))
      console.log('written')
    } catch (error) {
      console.log(error.code, error.committed, isNoSpace(error))
    }`
  const limited = ['-c', 'ulimit -f 100; exec "$0" "$@"']
  const node = [process.execPath, '--input-type=module', '--eval', program]
  expect(execFileSync('/bin/sh', [...limited, ...node], { encoding: 'utf8' })).toBe(
    'EFBIG false true\n',
  )
  expect(readdirSync(folder)).toEqual(['state.bin'])
  expect(readFileSync(target, 'utf8')).toBe('old')
})
