import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import { fault, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { closedGate } from './gate.ts'
import { rejectionOf } from './rejection.ts'

test('item 21: writes to one file under different spellings are done in call order', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real'))
  symlinkSync('real', join(folder, 'linked'))
  symlinkSync('linked', join(folder, 'twice'))
  symlinkSync('../twice/state.json', join(folder, 'real', 'link.json'))
  const target = join(folder, 'real', 'state.json')
  const spellings = [
    join(folder, 'real', 'link.json'),
    target,
    join(folder, 'twice', 'state.json'),
    relative(process.cwd(), target),
  ]
  const written: string[] = []
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    if (call.method === 'rename') written.push(readFileSync(target, 'utf8'))
    return result
  })
  const values = Array.from({ length: 20 }, (_, index) => `value ${index}`)
  await Promise.all(
    values.map((value, index) =>
      writeFileAtomic(spellings[index % spellings.length] ?? '', value, { fs }),
    ),
  )
  expect(written).toEqual(values)
})

test('item 21: a write that creates its directory and one that follows it keep their order', async () => {
  const target = join(freshFolder(), 'a', 'b', 'state.json')
  await Promise.all([writeFileAtomic(target, 'first'), writeFileAtomic(target, 'second')])
  expect(readFileSync(target, 'utf8')).toBe('second')
})

test('item 22: one temporary at a time exists for one file, however many writes wait', async () => {
  const folder = freshFolder()
  const most: number[] = []
  const fs = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method === 'rename') {
      most.push(readdirSync(folder).filter((name) => name.endsWith('.tmp')).length)
    }
    return proceed()
  })
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      writeFileAtomic(join(folder, 'state.json'), `${index}`, { fs }),
    ),
  )
  expect(most).toEqual(Array(50).fill(1))
})

test('item 23: a write settles on its own commit, and does not wait for later ones', async () => {
  const target = join(freshFolder(), 'state.json')
  const gate = closedGate()
  let syncs = 0
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'fsync') syncs += 1
    if (syncs > 2) await gate.pass()
    return proceed()
  })
  const first = writeFileAtomic(target, 'first', { fs })
  const second = writeFileAtomic(target, 'second', { fs })
  await first
  expect(readFileSync(target, 'utf8')).toBe('first')
  gate.open()
  await second
  expect(readFileSync(target, 'utf8')).toBe('second')
})

test('item 23: a write does not inherit the error of another one', async () => {
  const target = join(freshFolder(), 'state.json')
  let renames = 0
  const { fs } = recordCalls((call) => {
    if (call.method !== 'rename') return
    renames += 1
    if (renames === 2) throw fault('EIO', call)
  })
  const outcomes = await Promise.allSettled(
    ['first', 'second', 'third'].map((value) => writeFileAtomic(target, value, { fs })),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(readFileSync(target, 'utf8')).toBe('third')
})

test('item 24: different files are written in parallel', async () => {
  const folder = freshFolder()
  const gate = closedGate()
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'fsync' && call.path.includes('slow')) await gate.pass()
    return proceed()
  })
  const slow = writeFileAtomic(join(folder, 'slow.json'), 'slow', { fs })
  await writeFileAtomic(join(folder, 'fast.json'), 'fast', { fs })
  expect(readdirSync(folder)).toContain('fast.json')
  expect(readdirSync(folder)).not.toContain('slow.json')
  gate.open()
  await slow
  expect(readdirSync(folder).toSorted()).toEqual(['fast.json', 'slow.json'])
})

test('item 26: the queue goes on after a write that was refused before it began', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'state.json'))
  const refused = rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new'))
  const missing = rejectionOf(
    writeFileAtomic(join(folder, 'a', 'b'), 'new', { createDirectories: false }),
  )
  const good = writeFileAtomic(join(folder, 'other.json'), 'new')
  expect(await refused).toMatchObject({ code: 'EISDIR' })
  expect(await missing).toMatchObject({ code: 'ENOENT' })
  expect(await good).toMatchObject({ durability: 'power' })
})
