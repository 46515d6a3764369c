import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HoldfastError, type Sequence } from '@holdfast/core'
import { expect, test } from 'vitest'
import { count, counter, raise } from './counter.ts'
import { expectFailure } from './fails.ts'
import { messages, nextMessage } from './messages.ts'
import { processes, World } from './world.ts'

async function owner(world: World, process = {}): Promise<Sequence> {
  return (await world.backend({}, world.parts(process))).open('trading')
}

async function sharer(world: World): Promise<Sequence> {
  return (await world.backend({ mode: 'shared' })).open('trading')
}

const lines = (world: World, epoch = 1): string =>
  readFileSync(join(world.directory, 'trading.journal', `0000000${epoch}.jsonl`), 'utf8')

const removeLock = (world: World): void =>
  rmSync(join(world.directory, 'trading.lock'), { recursive: true })

test('while a state is one process’s own nobody else opens it for itself, or writes it, and everybody may read it', async () => {
  const world = new World()
  const own = await owner(world)
  expect(await own.commit(count(own, 0, 1))).toEqual({ committed: true })
  const backend = await world.backend()
  const error = await expectFailure(backend.open('trading'), 'LOCKED', { state: 'trading' })
  expect(error.message).toMatch(new RegExp(`pid ${process.pid} on vm, since 2.*: node bot\\.js\\.`))
  expect(error.holder).toMatchObject({ pid: process.pid, host: 'vm', command: 'node bot.js' })
  const reader = await sharer(world)
  expect(await counter(reader)).toEqual({ n: 1 })
  await expectFailure(reader.commit(count(reader, 1, 2)), 'LOCKED', { committed: false })
  await expectFailure(backend.remove('trading'), 'LOCKED')
  expect(await own.commit(count(own, 1, 2))).toEqual({ committed: true })
  expect(await counter(reader)).toEqual({ n: 2 })
})

test('a state that was never written is locked as well', async () => {
  const world = new World()
  const own = await owner(world)
  const other = await sharer(world)
  await expectFailure(other.commit(count(other, 0, 1)), 'LOCKED', { committed: false })
  expect(await raise(own)).toBe(1)
  expect(lines(world)).toContain(`"owner":"${own.writer}"`)
})

test('a state that was never written is locked for a writer, too, that has just looked and seen nobody', async () => {
  const world = new World()
  const environment = { ...world.environment, monotonicMs: () => 0 }
  const backend = await world.backend({ mode: 'shared' }, { ...world.parts(), environment })
  const other = await backend.open('trading')
  await other.inTurn?.(async () => undefined)
  await owner(world)
  await expectFailure(other.commit(count(other, 0, 1)), 'LOCKED', { committed: false })
})

test('a state that its owner closed is everybody’s, and nothing of the lock is left', async () => {
  const world = new World()
  const own = await owner(world)
  await raise(own)
  await own.close()
  expect(world.litter()).toEqual([])
  expect(lines(world)).toContain('"claim":null')
  expect(await raise(await sharer(world))).toBe(3)
  const next = await owner(world)
  expect(lines(world)).toContain(`"claim":"${next.writer}"`)
  expect(await raise(next)).toBe(5)
})

test('an owner that was robbed cannot commit, says so, and harms its successor neither by that nor by closing', async () => {
  const world = new World()
  const robbed = await owner(world)
  await raise(robbed)
  removeLock(world)
  const successor = await owner(world)
  const change = count(robbed, 1, 100)
  const error = await expectFailure(robbed.commit(change), 'OWNERSHIP_LOST', { committed: false })
  expect(robbed.signal?.aborted).toBe(true)
  expect(robbed.signal?.reason).toBe(error)
  await expectFailure(robbed.commit(change), 'OWNERSHIP_LOST', { committed: false })
  await robbed.close()
  expect(await raise(successor)).toBe(3)
  expect(await counter(successor)).toEqual({ n: 2 })
  expect(world.litter()).toEqual(['.', 'held', 'held/x'])
  expect(successor.signal?.aborted).toBe(false)
})

test('an owner whose lock was taken before it ever wrote cannot write the first version', async () => {
  const world = new World()
  const robbed = await owner(world)
  removeLock(world)
  const successor = await owner(world)
  await expectFailure(robbed.commit(count(robbed, 0, 100)), 'OWNERSHIP_LOST', { committed: false })
  expect(await raise(successor)).toBe(1)
})

test('an owner that slept while another one had the state, and closed it, is not the owner any more', async () => {
  const world = new World()
  const slept = await owner(world)
  await raise(slept)
  removeLock(world)
  const other = await owner(world)
  await raise(other)
  await other.close()
  await expectFailure(slept.commit(count(slept, 1, 100)), 'OWNERSHIP_LOST', { committed: false })
  expect(world.litter()).toEqual([])
})

test('a lock whose directory was deleted is put back by its owner, who goes on', async () => {
  const world = new World()
  const own = await owner(world)
  await raise(own)
  const lost = messages('holdfast:lock-lost')
  removeLock(world)
  await raise(own)
  expect(world.litter()).toEqual(['.', 'held', 'held/x'])
  expect(lost).toMatchObject([{ state: 'trading', kind: 'exclusive', isRestored: true }])
  await expectFailure((await world.backend()).open('trading'), 'LOCKED')
})

test('a lock whose directory was deleted is put back by a timer of its owner, who does nothing meanwhile', async () => {
  const world = new World()
  const own = await owner(world)
  await raise(own)
  const lost = nextMessage('holdfast:lock-lost')
  removeLock(world)
  expect(await lost).toMatchObject({ state: 'trading', isRestored: true })
  expect(world.litter()).toEqual(['.', 'held', 'held/x'])
})

test('an owner that does nothing is told by its signal when it has been robbed', async () => {
  const world = new World()
  const robbed = await owner(world)
  await raise(robbed)
  const lost = nextMessage('holdfast:lock-lost')
  removeLock(world)
  await owner(world)
  expect(await lost).toMatchObject({ state: 'trading', isRestored: false })
  expect(HoldfastError.is(robbed.signal?.reason, 'OWNERSHIP_LOST')).toBe(true)
})

test('what a dead owner has left is freed by the first writer, and the dead one’s changes count no more', async () => {
  const world = new World()
  const dead = await owner(world, processes.dead)
  await raise(dead)
  const takeovers = messages('holdfast:takeover')
  const other = await sharer(world)
  expect(takeovers).toMatchObject([{ passing: 'dead', holder: { pid: 4_194_305 } }])
  expect(world.litter()).toEqual([])
  expect(await raise(other)).toBe(3)
  await expectFailure(dead.commit(count(dead, 1, 100)), 'OWNERSHIP_LOST', { committed: false })
})

test('a state that its owner removes stays its own, and begins again at version 1', async () => {
  const world = new World()
  const backend = await world.backend()
  const own = await backend.open('trading')
  await raise(own)
  await backend.remove('trading')
  const other = await sharer(world)
  await expectFailure(other.commit(count(other, 0, 1)), 'LOCKED', { committed: false })
  expect(await own.commit(count(own, 0, 1))).toEqual({ committed: true })
  await raise(own)
  expect(lines(world, 2)).toContain(`"claim":"${own.writer}"`)
  expect(await counter(own)).toEqual({ n: 2 })
})

test('a damaged state can be opened by its owner, and goes on from what verifies', async () => {
  const world = new World()
  const first = await owner(world)
  for (let n = 0; n < 3; n += 1) await raise(first)
  await first.close()
  const path = join(world.directory, 'trading.journal', '00000001.jsonl')
  writeFileSync(path, lines(world).replace('"value":2', '"value":7'))
  const own = await owner(world)
  await expectFailure(own.load(), 'CORRUPT')
  expect(await own.load({ onCorrupt: 'previous' })).toMatchObject({ version: 1, data: { n: 1 } })
  // The epoch that is made of it has the dead owner's name; the first commit puts the new one there.
  expect(await own.commit(count(own, 1, 2))).toEqual({ committed: false, newest: 2 })
  expect(await raise(own)).toBe(3)
  expect(await counter(await sharer(world))).toEqual({ n: 2 })
  expect(lines(world, 2)).toContain(`"claim":"${own.writer}"`)
})

test('who waits for a state gets it when its owner closes it', async () => {
  const world = new World()
  const own = await owner(world)
  await raise(own)
  const backend = await world.backend({ wait: 3_600_000 })
  const opening = backend.open('trading')
  while (world.litter().length < 5) await new Promise(setImmediate)
  await own.close()
  expect(await raise(await opening)).toBe(4)
})

test('who waits for a state is refused when the time is over, and leaves the queue', async () => {
  const world = new World()
  await owner(world)
  const backend = await world.backend({ wait: 5000 })
  await expectFailure(backend.open('trading'), 'LOCKED')
  expect(world.elapsedMs).toBeGreaterThanOrEqual(5000)
  expect(world.litter()).toEqual(['.', 'held', 'held/x'])
})

test('a signal ends the waiting with its own reason, and closing the backend with CLOSED', async () => {
  const world = new World()
  await owner(world)
  const reason = new Error('the caller gave up')
  const controller = new AbortController()
  world.onSleep = () => controller.abort(reason)
  const backend = await world.backend({ wait: 3_600_000 })
  const { signal } = controller
  await expect(backend.open('trading', { signal })).rejects.toBe(reason)
  world.onSleep = () => void backend.close()
  await expectFailure(backend.open('trading'), 'CLOSED')
  expect(world.litter()).toEqual(['.', 'held', 'held/x'])
})

test('with the lock switched off the last one who opens a state has it, and the one before is told', async () => {
  const world = new World()
  const parts = { ...world.parts(), lock: 'off' } as const
  const first = await (await world.backend({}, parts)).open('trading')
  await raise(first)
  const second = await (await world.backend({}, parts)).open('trading')
  const change = count(first, 1, 100)
  await expectFailure(first.commit(change), 'OWNERSHIP_LOST', { committed: false })
  expect(first.signal?.aborted).toBe(true)
  expect(await raise(second)).toBe(3)
  expect(world.litter()).toEqual([])
})

test('a change of another writer than the owner is refused as a mistake, and ends nothing', async () => {
  const world = new World()
  const own = await owner(world)
  const change = { ...count(own, 0, 1), writer: 'host/1/other' }
  await expectFailure(own.commit(change), 'INVALID', { committed: false })
  expect(await raise(own)).toBe(1)
})

test('a closed handle refuses what comes after, and closes once', async () => {
  const world = new World()
  const backend = await world.backend()
  const own = await backend.open('trading')
  const committing = own.commit(count(own, 0, 1))
  await Promise.all([own.close(), own.close()])
  expect(await committing).toEqual({ committed: true })
  await expectFailure(own.load(), 'CLOSED')
  await expectFailure(own.commit(count(own, 2, 2)), 'CLOSED', { committed: false })
  await backend.close()
  await expectFailure(backend.open('trading'), 'CLOSED')
  expect(await counter(await owner(world))).toEqual({ n: 1 })
})

test('a wall clock that jumps, as when a laptop wakes up, takes nothing from an owner', async () => {
  const world = new World()
  const own = await owner(world)
  await raise(own)
  for (const offset of [28_800_000, -28_800_000]) {
    world.wallOffsetMs = offset
    await expectFailure((await world.backend({ wait: 10_000 })).open('trading'), 'LOCKED')
    await raise(own)
  }
  expect(own.signal?.aborted).toBe(false)
})
