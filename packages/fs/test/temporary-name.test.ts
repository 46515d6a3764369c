import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  currentInstance,
  fileEnvironment,
  formatInstance,
  parseTemporaryName,
  stageFile,
  nodeFileSystem,
  systemFileEnvironment,
  temporaryName,
  writeFileAtomic,
} from '../src/index.ts'
import { nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

const token = '0123456789abcdef0123456789abcdef'
const bases = [
  'state.json',
  'a',
  '.hidden',
  'x'.repeat(255),
  'ü'.repeat(127),
  '状態'.repeat(42),
  '🤖'.repeat(63),
  'x.tmp',
  `${'y'.repeat(250)}.TMP`,
]

test('item 13: a temporary is named after its base, its maker and 128 random bits', () => {
  expect(temporaryName('state.json', currentInstance(), token)).toBe(
    `.state.json.${formatInstance(currentInstance())}.${token}.tmp`,
  )
  expect(systemFileEnvironment.token()).toMatch(/^[\da-f]{32}$/)
  expect(systemFileEnvironment.token()).not.toBe(systemFileEnvironment.token())
})

test.each(bases)(
  'item 13: the temporary of %j fits into 255 bytes, keeps its randomness and is found again',
  (base) => {
    const name = temporaryName(base, currentInstance(), token)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
    expect(name).toContain(token)
    expect(name).not.toMatch(/\p{Surrogate}/u)
    expect(parseTemporaryName(base, name)).toEqual(currentInstance())
  },
)

test('item 13: bases that differ only after the cut have temporaries of their own', () => {
  const [one, other] = [`${'x'.repeat(254)}1`, `${'x'.repeat(254)}2`]
  expect(parseTemporaryName(one, temporaryName(other, currentInstance(), token))).toBeNull()
})

test.each(bases)('item 13: the temporary of %j never has the extension of the data', (base) => {
  const name = temporaryName(base, currentInstance(), token).toLowerCase()
  const extension = /\.[^.]+$/.exec(base.toLowerCase())?.[0] ?? '.json'
  expect(name.endsWith(extension)).toBe(false)
})

test.each(bases.filter((base) => Buffer.byteLength(base) <= 255))(
  'item 13: a file called %j can be written',
  async (base) => {
    const folder = freshFolder()
    await writeFileAtomic(join(folder, base), 'new')
    expect(readdirSync(folder)).toEqual([base])
  },
)

test('item 13: a name that is too long is refused with ENAMETOOLONG, and nothing is named otherwise', async () => {
  const folder = freshFolder()
  const error = await rejectionOf(writeFileAtomic(join(folder, 'x'.repeat(256)), 'new'))
  expect(error).toMatchObject({ code: 'ENAMETOOLONG', committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 13: a taken name is not written to; the next one is taken', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'taken-1'), 'foreign')
  symlinkSync('victim', join(folder, 'taken-2'))
  let count = 0
  const environment = { temporaryName: () => `taken-${(count += 1)}` }
  await writeFileAtomic(join(folder, 'state.json'), 'new', { environment })
  expect(readFileSync(join(folder, 'taken-1'), 'utf8')).toBe('foreign')
  expect(readdirSync(folder).toSorted()).toEqual(['state.json', 'taken-1', 'taken-2'])
})

test('item 13: after 16 taken names the write rejects with EEXIST', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'taken'))
  const { fs, calls } = recordCalls()
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'state.json'), 'new', {
      fs,
      environment: { temporaryName: () => 'taken' },
    }),
  )
  expect(error).toMatchObject({ code: 'EEXIST', committed: false })
  expect(calls.map(nameOf).filter((name) => name === 'open')).toHaveLength(16)
  expect(readdirSync(folder)).toEqual(['taken'])
})

test('item 13: an injected token makes the name predictable', async () => {
  const target = join(freshFolder(), 'state.json')
  const environment = fileEnvironment({ token: () => token })
  await using staged = await stageFile(nodeFileSystem, target, 'new', {
    durability: 'process',
    environment,
  })
  expect(staged.path).toBe(
    join(target, '..', temporaryName('state.json', currentInstance(), token)),
  )
})
