import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  DirectoryMovedError,
  interceptFileSystem,
  nodeFileSystem,
  openDirectory,
  writeFileAtomic,
} from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { messagesOn } from './channel-messages.ts'
import { freshFolder } from './fresh-folder.ts'
import { closedGate } from './gate.ts'
import { rejectionOf } from './rejection.ts'

test('item 9: one handle serves every sync of a directory', async () => {
  const { fs, calls } = recordCalls()
  const directory = await openDirectory(fs, freshFolder())
  expect([await directory.sync(), await directory.sync()]).toEqual(['power', 'power'])
  await directory.close()
  const names = calls.map(nameOf)
  expect(names.filter((name) => name === 'openDirectory')).toHaveLength(1)
  expect(names.filter((name) => name === 'fsync directory')).toHaveLength(2)
  expect(names.filter((name) => name === 'close directory')).toHaveLength(1)
})

test('item 9: a directory that was replaced by another is refused', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'data'))
  await using directory = await openDirectory(nodeFileSystem, join(folder, 'data'))
  renameSync(join(folder, 'data'), join(folder, 'moved'))
  expect(await rejectionOf(directory.sync())).toBeInstanceOf(DirectoryMovedError)
  mkdirSync(join(folder, 'data'))
  const error = await rejectionOf(directory.sync())
  expect(error).toBeInstanceOf(DirectoryMovedError)
  expect(error.message).toContain(join(folder, 'data'))
})

test('item 9: a directory replaced right after the rename makes the write reject with committed true', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'data'))
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    if (call.method === 'rename') {
      renameSync(join(folder, 'data'), join(folder, 'moved'))
      mkdirSync(join(folder, 'data'))
    }
    return result
  })
  const error = await rejectionOf(writeFileAtomic(join(folder, 'data', 'a.json'), 'new', { fs }))
  expect(error).toBeInstanceOf(DirectoryMovedError)
  expect(error).toMatchObject({ code: 'EDIRMOVED', committed: true })
})

test('item 7: after a failed sync the handle of a directory is closed and a new one is opened', async () => {
  let isFailing = true
  const { fs, calls } = recordCalls((call) => {
    if (isFailing && call.method === 'fsync') throw fault('EIO', call)
  })
  await using directory = await openDirectory(fs, freshFolder())
  expect(await rejectionOf(directory.sync())).toMatchObject({ code: 'EIO' })
  isFailing = false
  expect(await directory.sync()).toBe('power')
  expect(calls.map(nameOf).filter((name) => /^open|^close|^fsync/.test(name))).toEqual([
    'openDirectory',
    'fsync directory',
    'close directory',
    'openDirectory',
    'fsync directory',
  ])
})

test('item 9: a directory that was replaced while no handle was open is refused as well', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'data'))
  let isReplacing = false
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync') throw fault('EIO', call)
    if (!isReplacing || call.method !== 'openDirectory') return
    renameSync(join(folder, 'data'), join(folder, 'moved'))
    mkdirSync(join(folder, 'data'))
  })
  await using directory = await openDirectory(fs, join(folder, 'data'))
  expect(await rejectionOf(directory.sync())).toMatchObject({ code: 'EIO' })
  isReplacing = true
  expect(await rejectionOf(directory.sync())).toBeInstanceOf(DirectoryMovedError)
})

test('syncs that are asked for while one runs share the next one', async () => {
  const gate = closedGate()
  let syncs = 0
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'fsync') {
      syncs += 1
      if (syncs === 1) await gate.pass()
    }
    return proceed()
  })
  await using directory = await openDirectory(fs, freshFolder())
  const first = directory.sync()
  await gate.reached
  const later = [directory.sync(), directory.sync(), directory.sync()]
  gate.open()
  expect(await Promise.all([first, ...later])).toEqual(Array(4).fill('power'))
  expect(syncs).toBe(2)
})

test('item 3 of the correctness points: a close waits for the sync that runs', async () => {
  const order: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    order.push(nameOf(call))
    return result
  })
  const directory = await openDirectory(fs, freshFolder())
  const synced = directory.sync()
  await Promise.all([synced, directory.close(), directory.close()])
  expect(order.slice(-2)).toEqual(['fsync directory', 'close directory'])
  expect((await rejectionOf(directory.sync())).message).toContain('is closed')
})

test.each(['EISDIR', 'EPERM', 'EACCES'] as const)(
  'item 7: where win32 answers the opening of a directory with %s, sync does nothing and says process',
  async (code) => {
    const messages = messagesOn('holdfast:degraded')
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old')
    const { fs } = recordCalls((call) => {
      if (call.method === 'openDirectory') throw fault(code, call)
    }, 'win32')
    await using directory = await openDirectory(fs, folder)
    expect([await directory.sync(), await directory.sync()]).toEqual(['process', 'process'])
    expect(messages).toEqual([{ path: folder, syscall: 'open', code }])
    expect(await writeFileAtomic(join(folder, 'state.json'), 'new', { fs })).toMatchObject({
      durability: 'process',
    })
  },
)

test('a directory that cannot be opened is an error where directories can be opened', async () => {
  const { fs } = recordCalls((call) => {
    if (call.method === 'openDirectory') throw fault('EACCES', call)
  }, 'linux')
  expect(await rejectionOf(openDirectory(fs, freshFolder()))).toMatchObject({ code: 'EACCES' })
})
