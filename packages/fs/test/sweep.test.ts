import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  currentInstance,
  nodeFileSystem,
  readWhole,
  sweepTemporaries,
  temporaryName,
} from '../src/index.ts'
import type { Instance } from '../src/index.ts'
import { fault, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'

const self = currentInstance()
const dead: Instance = { ...self, startedAt: '1' }
const elsewhere: Instance = { ...self, host: '00000000' }
const token = '0123456789abcdef0123456789abcdef'
const hourMs = 3_600_000
const startedMs = Date.now() - process.uptime() * 1000

/** A folder with the state and one temporary, written by `writer` at `writtenMs`. */
function litteredFolder(writer: Instance, writtenMs: number, base = 'state.json') {
  const folder = freshFolder()
  writeFileSync(join(folder, 'state.json'), 'kept')
  const temporary = join(folder, temporaryName(base, writer, token))
  writeFileSync(temporary, 'half')
  utimesSync(temporary, writtenMs / 1000, writtenMs / 1000)
  return { folder, target: join(folder, 'state.json'), temporary }
}

const beforeStartMs = startedMs - 10_000

test.each([
  ['dead, from before this process', dead, beforeStartMs],
  ['out of sight, 25 hours old', elsewhere, Date.now() - 25 * hourMs],
])('item 32: a temporary whose writer is %s is removed', async (_, writer, writtenMs) => {
  const { folder, target, temporary } = litteredFolder(writer, writtenMs)
  const swept = await sweepTemporaries(nodeFileSystem, target, self)
  expect(swept).toEqual({ removed: [temporary], failed: [] })
  expect(readdirSync(folder)).toEqual(['state.json'])
  expect(readFileSync(target, 'utf8')).toBe('kept')
})

test.each([
  ['dead, but younger than this process', dead, startedMs + 1000],
  ['dead, but within the 2 s by which times may be wrong', dead, startedMs - 1500],
  ['out of sight, 23 hours old', elsewhere, Date.now() - 23 * hourMs],
  ['alive, even 25 hours old', self, Date.now() - 25 * hourMs],
  ['out of sight, with a time in the future', elsewhere, Date.now() + 25 * hourMs],
])('item 32: a temporary whose writer is %s stays', async (_, writer, writtenMs) => {
  const { folder, target } = litteredFolder(writer, writtenMs)
  const swept = await sweepTemporaries(nodeFileSystem, target, self)
  expect(swept).toEqual({ removed: [], failed: [] })
  expect(readdirSync(folder)).toHaveLength(2)
})

test('item 32: temporaries of other targets and files of other programs stay', async () => {
  const { folder, target } = litteredFolder(dead, beforeStartMs, 'other.json')
  const foreign = [
    '.state.json.swp',
    `.state.json.${token}.tmp`,
    `.state.json.4711.${token}.tmp`,
    `state.json.${token}.tmp`,
    temporaryName('state.json.backup', dead, token),
    temporaryName('state.json', dead, token).replace(/\.tmp$/, '.bak'),
  ]
  for (const name of foreign) {
    writeFileSync(join(folder, name), 'foreign')
    utimesSync(join(folder, name), 1, 1)
  }
  const directory = join(folder, temporaryName('state.json', elsewhere, token))
  mkdirSync(directory)
  utimesSync(directory, 1, 1)
  const before = readdirSync(folder).toSorted()
  const swept = await sweepTemporaries(nodeFileSystem, target, self)
  expect(swept).toEqual({ removed: [], failed: [] })
  expect(readdirSync(folder).toSorted()).toEqual(before)
})

test('item 32: what cannot be removed is reported, and does not stop the others', async () => {
  const { folder, target, temporary } = litteredFolder(dead, beforeStartMs)
  const other = join(folder, temporaryName('state.json', dead, token.replace('0', 'f')))
  writeFileSync(other, 'half')
  utimesSync(other, 1, 1)
  const { fs } = recordCalls((call) => {
    if (call.method === 'unlink' && call.path === temporary) throw fault('EROFS', call)
  })
  const swept = await sweepTemporaries(fs, target, self)
  expect(swept.removed).toEqual([other])
  expect(swept.failed).toMatchObject([{ path: temporary, error: { code: 'EROFS' } }])
})

test('item 32: one that another process has removed meanwhile is nobody’s failure', async () => {
  const { target } = litteredFolder(dead, beforeStartMs)
  const { fs } = recordCalls((call) => {
    if (call.method === 'unlink') throw fault('ENOENT', call)
  })
  expect(await sweepTemporaries(fs, target, self)).toEqual({ removed: [], failed: [] })
})

test('item 32: a missing directory holds nothing to sweep, and is not created', async () => {
  const folder = freshFolder()
  const target = join(folder, 'a', 'state.json')
  const swept = await sweepTemporaries(nodeFileSystem, target, self)
  expect(swept).toEqual({ removed: [], failed: [] })
  expect(await readWhole(nodeFileSystem, target)).toBeNull()
  expect(readdirSync(folder)).toEqual([])
})
