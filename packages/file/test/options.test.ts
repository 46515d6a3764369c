import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemEnvironment, type StateUrl } from '@holdfast/core'
import { expect, test } from 'vitest'
import { fileModule, fileOptions, openFileBackend } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { temporaryFolder } from './temporary-folder.ts'

const url = (path: string, query: StateUrl['query'] = {}): StateUrl => ({
  scheme: 'file',
  path,
  query,
})

test('the defaults are those that lose nothing', () => {
  expect(fileOptions.parse({ directory: './state' })).toEqual({
    directory: './state',
    durability: 'power',
    keep: 1,
    indent: 2,
    envelope: true,
    symlinks: 'follow',
    createDirectory: true,
  })
})

test.each([
  [{ directory: '' }],
  [{}],
  [{ directory: './state', kep: 1 }],
  [{ directory: './state', keep: '1' }],
  [{ directory: './state', keep: -1 }],
  [{ directory: './state', keep: 1.5 }],
  [{ directory: './state', indent: 9 }],
  [{ directory: './state', durability: 'none' }],
  [{ directory: './state', mode: '0689' }],
  [{ directory: './state', mode: 0o10000 }],
  [{ directory: './state', envelope: 'false' }],
  [{ directory: 'a\0b' }],
])('the options %j are refused', (options) => {
  expect(fileOptions.safeParse(options).success).toBe(false)
})

test('openFileBackend refuses wrong options with CONFIG and says which one is wrong', async () => {
  const error = await expectFailure(openFileBackend({ directory: 'x', keep: -1 }), 'CONFIG')
  expect(error.message).toMatch(/keep/)
})

test.each([
  [{ mode: '0640' }, 0o640],
  [{ mode: '0o600' }, 0o600],
  [{ mode: 0o644 }, 0o644],
])('the mode %j is read as octal', (options, mode) => {
  expect(fileOptions.parse({ directory: 'x', ...options }).mode).toBe(mode)
})

test('a URL gives the same options as the object form', () => {
  const query = {
    keep: '3',
    indent: '0',
    durability: 'process',
    envelope: 'false',
    mode: '640',
    symlinks: 'reject',
    createDirectory: 'true',
  }
  expect(fileOptions.parse(fileModule.fromUrl(url('./state', query)))).toEqual({
    directory: './state',
    keep: 3,
    indent: 0,
    durability: 'process',
    envelope: false,
    mode: 0o640,
    symlinks: 'reject',
    createDirectory: true,
  })
})

test.each([
  ['a value that is no number', url('./state', { keep: 'three' })],
  ['a value that is no boolean', url('./state', { envelope: 'no' })],
  ['an unknown option', url('./state', { colour: 'red' })],
  ['no path', url('')],
])('a URL with %s is refused', (_, wrong) => {
  expect(fileOptions.safeParse(fileModule.fromUrl(wrong)).success).toBe(false)
})

test.each([
  ['a host', url('//server/share'), /names the host "server"/],
  ['two directories', url('./state', { directory: './other' }), /twice/],
])('a URL with %s is refused with CONFIG', (_, wrong, reason) => {
  expect(() => fileModule.fromUrl(wrong)).toThrow(
    expect.objectContaining({ code: 'CONFIG', message: expect.stringMatching(reason) }),
  )
})

test('the module opens the backend that it describes', async () => {
  const directory = temporaryFolder()
  const options = fileOptions.parse(fileModule.fromUrl(url(`//${directory}`)))
  await using backend = await fileModule.open(options, systemEnvironment)
  expect([fileModule.name, fileModule.schemes]).toEqual(['file', ['file']])
  expect(backend.location).toBe(directory)
  expect(backend.capabilities).toEqual({ durability: 'power', writers: 'process', history: true })
})

test('durability "process" is claimed where it was configured', async () => {
  await using backend = await openFileBackend({ directory: 'x', durability: 'process' })
  expect(backend.capabilities.durability).toBe('process')
})

test('item 29: the options given are not changed, and may be frozen', async () => {
  const options = Object.freeze({ directory: temporaryFolder(), keep: 2 })
  await using backend = await openFileBackend(options, Object.freeze({}))
  expect(backend.location).toBe(options.directory)
  expect(options).toEqual({ directory: options.directory, keep: 2 })
})

test('a directory that is a file is refused with CONFIG when opened', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '{}')
  for (const directory of [file, join(file, 'below')]) {
    const error = await expectFailure(openFileBackend({ directory }), 'CONFIG')
    expect(error.message).toContain(file)
  }
})

test('a missing directory is refused with CONFIG where it may not be created', async () => {
  const directory = join(temporaryFolder(), 'disk')
  await expectFailure(openFileBackend({ directory, createDirectory: false }), 'CONFIG')
  mkdirSync(directory)
  await using backend = await openFileBackend({ directory, createDirectory: false })
  expect(backend.location).toBe(directory)
})
