import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import { fault, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

const commits = 2000

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

test(`item 10: ${commits} commits that fail at every call in turn leak no descriptor and no temporary`, async () => {
  const folder = freshFolder()
  const target = join(folder, 'state.json')
  writeFileSync(target, 'old', { mode: 0o640 })
  const whole = recordCalls()
  await writeFileAtomic(target, 'new', { fs: whole.fs, mode: 0o600 })
  let made = 0
  let failAt = 0
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    made += 1
    if (made !== failAt) return proceed()
    // A close that fails has given its descriptor back all the same (close(2)).
    if (call.method === 'close') await proceed()
    throw fault('EIO', call)
  })
  const before = openDescriptors()
  for (let commit = 0; commit < commits; commit += 1) {
    made = 0
    failAt = 1 + (commit % whole.calls.length)
    await rejectionOf(writeFileAtomic(target, 'new', { fs, mode: 0o600 }))
  }
  expect(openDescriptors()).toBe(before)
  expect(readdirSync(folder)).toEqual(['state.json'])
})
