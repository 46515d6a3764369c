import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWhole, withRetries, writeFileAtomic } from '../src/index.ts'
import type { FileCall } from '../src/index.ts'
import { messagesOn } from './channel-messages.ts'
import { fault, nameOf, recordCalls } from './faults.ts'
import { freshFolder } from './fresh-folder.ts'
import { manualClock } from './manual-clock.ts'
import { rejectionOf } from './rejection.ts'

function failing(
  method: FileCall['method'],
  code: Parameters<typeof fault>[0],
  platform: NodeJS.Platform,
  times = Infinity,
) {
  let left = times
  return recordCalls((call) => {
    if (call.method !== method || left === 0) return
    left -= 1
    throw fault(code, call)
  }, platform)
}

const count = (calls: readonly FileCall[], name: string): number =>
  calls.filter((call) => nameOf(call) === name).length

test.each(['EPERM', 'EACCES', 'EBUSY'] as const)(
  'item 17: on win32 a rename that fails with %s is tried again with the same temporary',
  async (code) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old')
    const { environment, sleeps } = manualClock()
    const { fs, calls } = failing('rename', code, 'win32', 3)
    await writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment })
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('new')
    expect(sleeps).toEqual([7.5, 15, 30])
    expect([count(calls, 'rename'), count(calls, 'write'), count(calls, 'unlink')]).toEqual([
      4, 1, 0,
    ])
  },
)

test('item 20: a retry waits without holding the thread: nothing here is synchronous, nothing spins', async () => {
  const folder = freshFolder()
  let turns = 0
  let isWriting = true
  const turn = (): void => {
    turns += 1
    if (isWriting) setImmediate(turn)
  }
  setImmediate(turn)
  const turnsAtAttempt: number[] = []
  const { fs } = recordCalls((call) => {
    if (call.method !== 'rename') return
    turnsAtAttempt.push(turns)
    if (turnsAtAttempt.length < 4) throw fault('EBUSY', call)
  }, 'win32')
  await writeFileAtomic(join(folder, 'state.json'), 'new', { fs })
  isWriting = false
  // Each wait takes at least one turn of the event loop; a thread that slept or spun would take none.
  expect(new Set(turnsAtAttempt).size).toBe(4)
})

test('item 17: the waits are jittered, at most a second each, and 10 s in all', async () => {
  const folder = freshFolder()
  const { environment, sleeps } = manualClock(0.999)
  const { fs } = failing('rename', 'EBUSY', 'win32')
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment }),
  )
  expect(error).toMatchObject({ code: 'EBUSY', committed: false })
  expect(Math.max(...sleeps)).toBeLessThanOrEqual(1000)
  expect(sleeps.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(10_000)
  expect(readdirSync(folder)).toEqual([])
})

test('item 17: each retry is told with its attempt, code and wait', async () => {
  const events = messagesOn('holdfast:retry')
  const path = join(freshFolder(), 'state.json')
  const { environment } = manualClock()
  const { fs } = failing('rename', 'EPERM', 'win32', 2)
  await writeFileAtomic(path, 'new', { fs, environment })
  expect(events).toEqual([
    { path, syscall: 'rename', code: 'EPERM', attempt: 1, delayMs: 7.5 },
    { path, syscall: 'rename', code: 'EPERM', attempt: 2, delayMs: 15 },
  ])
})

test('item 17: an abort ends the waiting, with the target as it was and no temporary', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'state.json'), 'old')
  const controller = new AbortController()
  const { environment } = manualClock()
  const { fs } = recordCalls((call) => {
    if (call.method !== 'rename') return
    controller.abort()
    throw fault('EBUSY', call)
  }, 'win32')
  const { signal } = controller
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment, signal }),
  )
  expect(error).toMatchObject({ name: 'AbortError', committed: false })
  expect(readdirSync(folder)).toEqual(['state.json'])
  expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('old')
})

test('item 17: the removal of a temporary is tried again on win32', async () => {
  const folder = freshFolder()
  let refusals = 2
  const { environment } = manualClock()
  const { fs } = recordCalls((call) => {
    if (call.method === 'fsync') throw fault('EIO', call)
    if (call.method === 'unlink' && refusals > 0) {
      refusals -= 1
      throw fault('EBUSY', call)
    }
  }, 'win32')
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment }),
  )
  expect(error).toMatchObject({ code: 'EIO' })
  expect(readdirSync(folder)).toEqual([])
})

test('item 17: a read that win32 refuses for a moment is tried again', async () => {
  const path = join(freshFolder(), 'state.json')
  writeFileSync(path, 'old')
  const { environment, sleeps } = manualClock()
  const { fs } = failing('open', 'EBUSY', 'win32', 2)
  expect(Buffer.from((await readWhole(fs, path, { environment })) ?? []).toString()).toBe('old')
  expect(sleeps).toHaveLength(2)
})

test.each(['EMFILE', 'ENFILE', 'EAGAIN'] as const)(
  'item 18: %s on open is tried again on any platform',
  async (code) => {
    const folder = freshFolder()
    const { environment, sleeps } = manualClock()
    const { fs } = failing('open', code, 'linux', 2)
    await writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment })
    expect(sleeps).toHaveLength(2)
    expect(readdirSync(folder)).toEqual(['state.json'])
  },
)

test('item 18: EMFILE on the opening of the directory is tried again', async () => {
  const { environment, sleeps } = manualClock()
  const { fs } = failing('openDirectory', 'EMFILE', 'linux', 2)
  await writeFileAtomic(join(freshFolder(), 'state.json'), 'new', { fs, environment })
  expect(sleeps).toHaveLength(2)
})

test.each(
  (['EPERM', 'EACCES', 'EROFS', 'EISDIR', 'ENOENT', 'EBUSY', 'EXDEV'] as const).flatMap((code) =>
    (['open', 'rename'] as const).map((method) => ({ code, method })),
  ),
)('item 18: $code from $method is final on POSIX, without a wait', async ({ code, method }) => {
  const folder = freshFolder()
  const { environment, sleeps } = manualClock()
  const { fs, calls } = failing(method, code, 'linux')
  const error = await rejectionOf(
    writeFileAtomic(join(folder, 'state.json'), 'new', { fs, environment }),
  )
  expect(error).toMatchObject({ code, committed: false })
  expect([sleeps.length, count(calls, method)]).toEqual([0, 1])
  expect(readdirSync(folder)).toEqual([])
})

test('item 18: retryBudgetMs bounds the waiting', async () => {
  const { environment, sleeps } = manualClock()
  const { fs } = failing('open', 'EMFILE', 'linux')
  const options = { fs, environment, retryBudgetMs: 100 }
  const error = await rejectionOf(writeFileAtomic(join(freshFolder(), 'a'), 'new', options))
  expect(error).toMatchObject({ code: 'EMFILE' })
  expect(sleeps.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(100)
})

test.each(['EBUSY', 'EXDEV'] as const)(
  'item 19: %s from the rename names bind mounts, reparse points and the remedy',
  async (code) => {
    const target = join(freshFolder(), 'state.json')
    const { fs } = failing('rename', code, 'linux')
    const error = await rejectionOf(writeFileAtomic(target, 'new', { fs }))
    expect(error.message).toMatch(/bind mount.*reparse point.*mount its directory instead/)
    expect(error).toMatchObject({ code, syscall: 'rename' })
  },
)

test('an error that is not transient is thrown as it is, after one call', async () => {
  const error = new Error('final')
  let calls = 0
  const operation = (): never => {
    calls += 1
    throw error
  }
  const options = { isTransient: () => false, path: '/a', syscall: 'open' }
  expect(await rejectionOf(withRetries(operation, options))).toBe(error)
  expect(calls).toBe(1)
})
