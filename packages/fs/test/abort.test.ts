import { getEventListeners } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AbortError, interceptFileSystem, nodeFileSystem, writeFileAtomic } from '../src/index.ts'
import type { FileSystem } from '../src/index.ts'
import { freshFolder } from './fresh-folder.ts'
import { closedGate } from './gate.ts'
import { rejectionOf } from './rejection.ts'

/** Aborts `controller` right after the first call of `method`. */
function abortingAfter(method: string, controller: AbortController): FileSystem {
  return interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    const result = await proceed()
    if (call.method === method) controller.abort(new Error('enough'))
    return result
  })
}

test.each(['lstat', 'openDirectory', 'open', 'write', 'fstat', 'fsync', 'close'])(
  'item 28: an abort during %s leaves the target as it was and no temporary',
  async (method) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'state.json'), 'old')
    const controller = new AbortController()
    const error = await rejectionOf(
      writeFileAtomic(join(folder, 'state.json'), 'new', {
        fs: abortingAfter(method, controller),
        signal: controller.signal,
      }),
    )
    expect(error).toBeInstanceOf(AbortError)
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', committed: false })
    expect(error.cause).toBe(controller.signal.reason)
    expect(readdirSync(folder)).toEqual(['state.json'])
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('old')
  },
)

test('item 28: an abort after the rename has begun is ignored', async () => {
  const target = join(freshFolder(), 'state.json')
  const controller = new AbortController()
  const fs = abortingAfter('rename', controller)
  const { durability } = await writeFileAtomic(target, 'new', { fs, signal: controller.signal })
  expect([durability, readFileSync(target, 'utf8')]).toEqual(['power', 'new'])
})

test('item 28: a signal that is aborted already lets nothing begin', async () => {
  const folder = freshFolder()
  const signal = AbortSignal.abort('a reason that is no error')
  const error = await rejectionOf(writeFileAtomic(join(folder, 'a', 'b'), 'new', { signal }))
  expect(error).toMatchObject({ name: 'AbortError', cause: signal.reason, committed: false })
  expect(readdirSync(folder)).toEqual([])
})

test('item 28: a write that waits behind another one ends as soon as it is aborted', async () => {
  const target = join(freshFolder(), 'state.json')
  const gate = closedGate()
  const fs = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'fsync') await gate.pass()
    return proceed()
  })
  const controller = new AbortController()
  const first = writeFileAtomic(target, 'first', { fs })
  const second = rejectionOf(writeFileAtomic(target, 'second', { fs, signal: controller.signal }))
  const third = writeFileAtomic(target, 'third', { fs })
  await gate.reached
  controller.abort()
  expect(await second).toMatchObject({ name: 'AbortError', committed: false })
  gate.open()
  await Promise.all([first, third])
  expect(readFileSync(target, 'utf8')).toBe('third')
})

test('item 28: one signal may end many writes, and each error is its own', async () => {
  const folder = freshFolder()
  const controller = new AbortController()
  const { signal } = controller
  const writes = ['a', 'b', 'c'].map((name) =>
    rejectionOf(writeFileAtomic(join(folder, name), 'new', { signal })),
  )
  controller.abort(Object.freeze(new Error('frozen')))
  const errors = await Promise.all(writes)
  expect(new Set(errors).size).toBe(3)
  expect(errors.map(({ committed }) => committed)).toEqual([false, false, false])
})

test('item 28: a settled write leaves no listener on its signal', async () => {
  const { signal } = new AbortController()
  await writeFileAtomic(join(freshFolder(), 'state.json'), 'new', { signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
