import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { fileEnvironment, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import { fault, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

async function* sourceOf<T>(...pieces: readonly T[]): AsyncGenerator<T, void, void> {
  yield* pieces
}

const large = Buffer.alloc(20 * 1024 * 1024, 'holdfast ')

test.each([
  ['a string', 'zwölf 🤖\n', Buffer.from('zwölf 🤖\n')],
  ['an empty string', '', Buffer.alloc(0)],
  ['bytes', Uint8Array.of(0, 255, 10), Buffer.from([0, 255, 10])],
  ['a view of bytes', Buffer.from('0123456789').subarray(3, 5), Buffer.from('34')],
  ['20 MiB', large, large],
  ['a source of strings and bytes', sourceOf<string | Buffer>('a', Buffer.from('b'), 'ü'), 'abü'],
  ['an empty source', sourceOf<string>(), ''],
  ['a stream', Readable.from(['x', 'y']), 'xy'],
  ['a source that splits a surrogate pair', sourceOf('a\uD83E', '\uDD16b'), 'a🤖b'],
])('item 29: %s is written as it is', async (_, data, expected) => {
  const target = join(freshFolder(), 'state')
  const { stat } = await writeFileAtomic(target, data)
  expect(readFileSync(target).equals(Buffer.from(expected))).toBe(true)
  expect(stat.size).toBe(Buffer.byteLength(expected))
})

test.each([
  ['a string', 'a\uD83Eb'],
  ['a source', sourceOf('a\uD83E', 'b')],
  ['the end of a source', sourceOf('a\uD83E')],
  ['the place before bytes', sourceOf<string | Buffer>('a\uD83E', Buffer.from('b'))],
])('item 29: a lone surrogate in %s is refused, not replaced', async (_, data) => {
  const folder = freshFolder()
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state'), data))
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 29: a replacement character is data like any other', async () => {
  const target = join(freshFolder(), 'state')
  await writeFileAtomic(target, 'a\uFFFDb')
  expect(readFileSync(target, 'utf8')).toBe('a\uFFFDb')
})

test('item 29: a source that fails rejects with its error, cleans up and frees the queue', async () => {
  const folder = freshFolder()
  const target = join(folder, 'state.json')
  writeFileSync(target, 'old')
  const failure = new Error('the source broke')
  async function* broken() {
    yield 'half'
    throw failure
  }
  const first = rejectionOf(writeFileAtomic(target, broken()))
  const second = writeFileAtomic(target, 'new')
  expect(await first).toBe(failure)
  expect(failure).toMatchObject({ committed: false })
  await second
  expect(readFileSync(target, 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['state.json'])
})

test.each([
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['no error at all', 'text'],
])(
  'item 29: what a source throws, %s, is the cause of an error that carries committed',
  async (_, thrown) => {
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }),
    }
    const error = await rejectionOf(writeFileAtomic(join(freshFolder(), 'state'), source))
    expect(error).toMatchObject({ committed: false, cause: thrown })
  },
)

test('item 29: a source is told to end when the write fails, before the write rejects', async () => {
  let isEnded = false
  async function* source() {
    try {
      yield 'one'
      yield 'two'
    } finally {
      await new Promise(setImmediate)
      isEnded = true
    }
  }
  const { fs } = recordCalls((call) => {
    if (call.method === 'write') throw fault('ENOSPC', call)
  })
  const error = await rejectionOf(writeFileAtomic(join(freshFolder(), 'state'), source(), { fs }))
  expect(error).toMatchObject({ code: 'ENOSPC' })
  expect(isEnded).toBe(true)
})

test('items 28 and 29: an abort ends a write whose source never gives its next piece', async () => {
  const folder = freshFolder()
  const controller = new AbortController()
  let isTold = false
  const source = {
    [Symbol.asyncIterator]: () => ({
      next() {
        setImmediate(() => controller.abort())
        return new Promise<IteratorResult<string>>(() => undefined)
      },
      return() {
        isTold = true
        return new Promise<IteratorResult<string>>(() => undefined)
      },
    }),
  }
  const { signal } = controller
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state'), source, { signal }))
  expect(error).toMatchObject({ name: 'AbortError', committed: false })
  expect(isTold).toBe(true)
  expect(readdirSync(folder)).toEqual([])
})

test('item 29: bytes that the caller changes after the call are written as they were', async () => {
  const target = join(freshFolder(), 'state')
  const bytes = Buffer.from('before')
  const written = writeFileAtomic(target, bytes)
  bytes.fill('x')
  await written
  expect(readFileSync(target, 'utf8')).toBe('before')
})

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part)
  }
  return Object.freeze(value)
}

test('item 29: options that are frozen to the bottom serve any number of writes', async () => {
  const folder = freshFolder()
  const options = deepFreeze({
    mode: 0o640,
    durability: 'power' as const,
    symlinks: 'follow' as const,
    owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    environment: fileEnvironment(),
    fs: { ...nodeFileSystem },
  })
  await writeFileAtomic(join(folder, 'a'), 'a', options)
  await writeFileAtomic(join(folder, 'b'), 'b', options)
  expect(readdirSync(folder).toSorted()).toEqual(['a', 'b'])
})

// As a caller without types may call it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what is tested
const untyped: (path: string, data: unknown, options?: object) => Promise<unknown> =
  writeFileAtomic as never

test.each([undefined, null, 42, {}, ['a'], new Float64Array(1)])(
  'item 29: %s is no data, and nothing is touched',
  async (data) => {
    const folder = freshFolder()
    const error = await rejectionOf(untyped(join(folder, 'state'), data))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ committed: false })
    expect(readdirSync(folder)).toEqual([])
  },
)

test('item 29: a source of something else than strings and bytes is refused', async () => {
  const folder = freshFolder()
  const error = await rejectionOf(untyped(join(folder, 'state'), sourceOf<unknown>('a', 7)))
  expect(error).toBeInstanceOf(TypeError)
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  { mode: -1 },
  { mode: 0o10000 },
  { mode: '600' },
  { durability: 'full' },
  { symlinks: 'keep' },
  { retryBudgetMs: Number.NaN },
])('item 29: the option %j is refused, and does not pass for its default', async (options) => {
  const folder = freshFolder()
  const error = await rejectionOf(untyped(join(folder, 'state'), 'new', options))
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ committed: false })
  expect(readdirSync(folder)).toEqual([])
})
