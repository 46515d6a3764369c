import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomic } from '../src/index.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { rejectionOf } from './rejection.ts'

/** The calls of a commit to `path` in a folder that `prepare` has filled. */
async function stepsOf(path: string, prepare: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-fs-steps-'))
  try {
    prepare(folder)
    const { fs, calls } = recordCalls()
    await writeFileAtomic(join(folder, path), 'new', { fs })
    return calls.map((call, index) => ({ name: nameOf(call), index }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const steps = await stepsOf('state.json', (folder) => {
  writeFileSync(join(folder, 'state.json'), 'old', { mode: 0o640 })
})
const renameAt = steps.findIndex(({ name }) => name === 'rename')
const creatingSteps = await stepsOf('a/b/state.json', () => undefined)

function failingAt(index: number, mode: 'once' | 'forever') {
  return recordCalls((call, at) => {
    if (at === index || (mode === 'forever' && at > index && call.method !== 'unlink')) {
      throw Object.assign(fault('EIO', call), { at })
    }
  })
}

test.each(steps.filter(({ index }) => index <= renameAt))(
  'item 4: EIO at call $index ($name) leaves the target as it was and no temporary when it rejects',
  async ({ index }) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old', { mode: 0o640 })
    const { fs } = failingAt(index, 'once')
    const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
    expect(readdirSync(folder)).toEqual(['state.json'])
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('old')
    expect(error).toMatchObject({ code: 'EIO', committed: false, at: index })
  },
)

test.each(steps.filter(({ index }) => index > renameAt))(
  'item 5: EIO at call $index ($name), after the rename, rejects with committed true',
  async ({ index }) => {
    const folder = freshFolder()
    const { fs } = failingAt(index, 'once')
    writeFileSync(join(folder, 'state.json'), 'old', { mode: 0o640 })
    const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
    expect(error).toMatchObject({ code: 'EIO', committed: true, at: index })
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['state.json'])
  },
)

test.each(steps)(
  'item 5: when all fails from call $index ($name) on, it is the first error that is told',
  async ({ index, name }) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old', { mode: 0o640 })
    const { fs } = failingAt(index, 'forever')
    const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
    expect(error).toMatchObject({ at: index, code: 'EIO', syscall: name.split(' ')[0] })
  },
)

test.each(creatingSteps.filter(({ name }) => name !== 'close directory'))(
  'item 4: EIO at call $index ($name) of a write that creates its directories leaves no temporary',
  async ({ index }) => {
    const folder = freshFolder()
    const { fs } = failingAt(index, 'once')
    const error = await rejectionOf(writeFileAtomic(join(folder, 'a/b/state.json'), 'new', { fs }))
    expect(error).toMatchObject({ code: 'EIO', at: index })
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    expect(files.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(
      error.committed === true ? ['state.json'] : [],
    )
  },
)

test.each(creatingSteps)(
  'item 5: when all fails from call $index ($name) on, creating directories, the first error is told',
  async ({ index }) => {
    const { fs } = failingAt(index, 'forever')
    const path = join(freshFolder(), 'a/b/state.json')
    expect(await rejectionOf(writeFileAtomic(path, 'new', { fs }))).toMatchObject({ at: index })
  },
)

test('item 5: a temporary that cannot be removed does not hide why the write failed', async () => {
  const folder = freshFolder()
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync') throw fault('ENOSPC', call)
    if (call.method === 'unlink') throw fault('EROFS', call)
  })
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
  expect(error).toMatchObject({ code: 'ENOSPC', syscall: 'fsync', committed: false })
})

test('item 10: an error of close rejects, and close is not tried again', async () => {
  const folder = freshFolder()
  const { fs, calls } = recordCalls((call) => {
    if (call.method === 'close' && !call.directory) throw fault('EDQUOT', call)
  })
  const error = await rejectionOf(writeFileAtomic(join(folder, 'state.json'), 'new', { fs }))
  expect(error).toMatchObject({ code: 'EDQUOT', committed: false })
  expect(calls.map(nameOf).filter((name) => name === 'close')).toHaveLength(1)
  expect(readdirSync(folder)).toEqual([])
})

test('item 7 of the correctness points: after a rename the name of the temporary is left alone', async () => {
  const { fs, calls } = recordCalls()
  await writeFileAtomic(join(freshFolder(), 'state.json'), 'new', { fs })
  expect(calls.map(nameOf)).not.toContain('unlink')
})

test('item 26: after a failed write the next one to the same file succeeds', async () => {
  const target = join(freshFolder(), 'state.json')
  let isFailing = true
  const { fs } = recordCalls((call) => {
    if (isFailing && call.method === 'fsync') throw fault('EIO', call)
  })
  const first = rejectionOf(writeFileAtomic(target, 'first', { fs }))
  const second = first.then(() => {
    isFailing = false
    return writeFileAtomic(target, 'second', { fs })
  })
  expect(await first).toMatchObject({ code: 'EIO' })
  await second
  expect(readFileSync(target, 'utf8')).toBe('second')
})
