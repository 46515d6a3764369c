import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeAbandoned, stageFile, writeFileAtomic } from '../src/index.ts'
import { fault, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'

/** A file system that syncs nothing and removes nothing, until it is told that it is well again. */
function brokenFileSystem() {
  let isBroken = true
  const { fs } = recordCalls((call) => {
    if (isBroken && (call.method === 'fsync' || call.method === 'unlink')) throw fault('EIO', call)
  })
  return { fs, mend: () => void (isBroken = false) }
}

test('a temporary that could not be removed is removed by the next file that is staged beside it', async () => {
  const folder = freshFolder()
  const { fs, mend } = brokenFileSystem()
  const path = join(folder, 'state.json')
  await expect(writeFileAtomic(path, 'one', { fs })).rejects.toMatchObject({ code: 'EIO' })
  expect(readdirSync(folder)).toHaveLength(1)
  await expect(writeFileAtomic(path, 'two', { fs })).rejects.toMatchObject({ code: 'EIO' })
  expect(readdirSync(folder)).toHaveLength(2)
  mend()
  await writeFileAtomic(path, 'three', { fs })
  expect(readdirSync(folder)).toEqual(['state.json'])
})

test('a staged file that could not be discarded is removed when that is asked for', async () => {
  const folder = freshFolder()
  const { fs, mend } = brokenFileSystem()
  const options = { durability: 'process', existing: null } as const
  const staged = await stageFile(fs, join(folder, 'state.json'), 'one', options)
  await expect(staged.discard()).rejects.toMatchObject({ code: 'EIO' })
  await removeAbandoned(fs, folder)
  expect(readdirSync(folder)).toHaveLength(1)
  mend()
  await removeAbandoned(fs, join(folder, 'elsewhere'))
  expect(readdirSync(folder)).toHaveLength(1)
  await removeAbandoned(fs, folder)
  expect(readdirSync(folder)).toEqual([])
})
