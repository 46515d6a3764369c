import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isNoSpace, isUnsupportedSync, stageFile, writeFileAtomic } from '../src/index.ts'
import type { FileCall } from '../src/index.ts'
import { messagesOn } from './channel-messages.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

const isFileSync = (call: FileCall): boolean => nameOf(call) === 'fsync'
const isDirectorySync = (call: FileCall): boolean => nameOf(call) === 'fsync directory'

test.each(['EIO', 'ENOSPC', 'EDQUOT', 'EROFS'] as const)(
  'item 7: %s from the sync of the file rejects, publishes nothing, and is not tried again',
  async (code) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old')
    const { fs, calls } = recordCalls((call) => {
      if (isFileSync(call)) throw fault(code, call)
    })
    const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
    expect(error).toMatchObject({ code, syscall: 'fsync', committed: false })
    expect(calls.filter(isFileSync)).toHaveLength(1)
    expect(calls.map(nameOf)).not.toContain('rename')
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['state.json'])
  },
)

test.each(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'] as const)(
  'item 7: %s from the sync of the file publishes, says process, and is told once',
  async (code) => {
    const target = join(freshFolder(), 'state.json')
    const messages = messagesOn('holdfast:degraded')
    const { fs, calls } = recordCalls((call) => {
      if (isFileSync(call)) throw fault(code, call)
    })
    const { durability } = await writeFileAtomic(target, 'new', { fs })
    expect(durability).toBe('process')
    const temporary = calls.find(isFileSync)?.path
    expect(messages).toEqual([{ path: temporary, syscall: 'fsync', code }])
    expect(readFileSync(target, 'utf8')).toBe('new')
  },
)

test('item 7: a directory that cannot be synced makes the result say process', async () => {
  const folder = freshFolder()
  const messages = messagesOn('holdfast:degraded')
  const { fs } = recordCalls((call) => {
    if (isDirectorySync(call)) throw fault('EINVAL', call)
  })
  const { durability } = await writeFileAtomic(join(folder, 'state.json'), 'new', { fs })
  expect(durability).toBe('process')
  expect(messages).toEqual([{ path: folder, syscall: 'fsync', code: 'EINVAL' }])
})

test('item 7: EPERM from the sync of a directory is a missing feature on win32 and an error elsewhere', async () => {
  const target = join(freshFolder(), 'state.json')
  const refuse = (call: FileCall): void => {
    if (isDirectorySync(call)) throw fault('EPERM', call)
  }
  const onWindows = await writeFileAtomic(target, 'new', { fs: recordCalls(refuse, 'win32').fs })
  expect(onWindows.durability).toBe('process')
  const error = await rejectionOf(
    writeFileAtomic(target, 'new', { fs: recordCalls(refuse, 'linux').fs }),
  )
  expect(error).toMatchObject({ code: 'EPERM', committed: true })
})

test('item 7: what was achieved is on the staged file, before anything is published', async () => {
  const target = join(freshFolder(), 'state.json')
  const { fs } = recordCalls((call) => {
    if (isFileSync(call)) throw fault('ENOSYS', call)
  })
  await using staged = await stageFile(fs, target, 'new', { durability: 'power' })
  expect(staged.durability).toBe('process')
})

test('item 7: errors are told by number where Node has no name for them', () => {
  const quota = Object.assign(new Error('Unknown system error -122'), {
    code: 'Unknown system error -122',
    errno: -122,
  })
  expect([isNoSpace(quota), isUnsupportedSync(quota)]).toEqual([
    process.platform === 'linux',
    false,
  ])
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
  expect([isNoSpace(full), isUnsupportedSync(full)]).toEqual([true, false])
  expect([isNoSpace(new Error('other')), isNoSpace(null), isNoSpace('ENOSPC')]).toEqual([
    false,
    false,
    false,
  ])
})

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (const text of ['one', 'two']) yield Buffer.from(text)
}

test('data that is flushed in pieces is flushed after each, and whole at the end', async () => {
  const { fs, calls } = recordCalls()
  const target = join(freshFolder(), 'state.json')
  const staged = await stageFile(fs, target, pieces(), {
    durability: 'power',
    isFlushedInPieces: true,
  })
  expect(staged.durability).toBe('power')
  expect(readFileSync(staged.path, 'utf8')).toBe('onetwo')
  const changing = calls.map(nameOf).filter((name) => /write|sync/.test(name))
  expect(changing).toEqual(['write', 'fdatasync', 'write', 'fdatasync', 'fsync'])
})

test('an error of the flush of a piece rejects, and leaves nothing', async () => {
  const { fs, calls } = recordCalls((call) => {
    if (call.method === 'fdatasync') throw fault('EIO', call)
  })
  const folder = freshFolder()
  const options = { durability: 'power', isFlushedInPieces: true } as const
  const error = await rejectionOf(stageFile(fs, join(folder, 'state.json'), pieces(), options))
  expect(error).toMatchObject({ code: 'EIO', syscall: 'fdatasync' })
  expect(calls.filter(({ method }) => method === 'fdatasync')).toHaveLength(1)
  expect(readdirSync(folder)).toEqual([])
})

test('where pieces cannot be flushed, the sync at the end decides', async () => {
  const { fs } = recordCalls((call) => {
    if (call.method === 'fdatasync') throw fault('EINVAL', call)
  })
  const options = { durability: 'power', isFlushedInPieces: true } as const
  const staged = await stageFile(fs, join(freshFolder(), 'state.json'), pieces(), options)
  expect(staged.durability).toBe('power')
})
