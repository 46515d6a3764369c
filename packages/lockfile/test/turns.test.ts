import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openStore, type Sequence, type State } from '@holdfast/core'
import { interceptFileSystem, nodeFileSystem } from '@holdfast/fs'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { lockfileModule } from '../src/index.ts'
import { waitingTickets } from '../src/queue.ts'
import { Ticket } from '../src/ticket.ts'
import { count, counter, raise } from './counter.ts'
import { messages } from './messages.ts'
import { mustHold, processes, World } from './world.ts'

interface Count {
  n: number
}

/** The state `trading` of a store of its own, in real time. */
async function counting(directory: string): Promise<State<Count>> {
  const store = await openStore(`lockfile:${directory}?durability=process`, {
    backends: [lockfileModule],
  })
  onTestFinished(() => store.close())
  const schema = z.object({ n: z.number() })
  return store.open('trading', { schema, initial: () => ({ n: 0 }) })
}

async function sharer(world: World): Promise<Sequence> {
  return (await world.backend({ mode: 'shared' })).open('trading')
}

/** Who opens a state that has version 1, and that nobody is about to write. */
async function laterSharer(world: World): Promise<Sequence> {
  const first = await sharer(world)
  await raise(first)
  await first.close()
  return sharer(world)
}

async function increments(state: State<Count>, times: number): Promise<void> {
  for (let step = 0; step < times; step += 1) await state.update((draft) => (draft.n += 1))
}

test('a writer that meets nobody makes no more than a look at the lock, and leaves nothing of it', async () => {
  const world = new World()
  await laterSharer(world)
  const calls = new Set<string>()
  const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.path.includes('.lock')) calls.add(call.method)
    return proceed()
  })
  const backend = await world.backend({ mode: 'shared' }, world.parts({}, fileSystem))
  const alone = await backend.open('trading')
  for (let n = 2; n <= 50; n += 1) await alone.inTurn?.(() => alone.commit(count(alone, n - 1, n)))
  expect([...calls]).toEqual(['lstat'])
  expect(world.litter()).toEqual([])
})

test('writers that meet lose no step, and leave nothing of the lock', async () => {
  const world = new World()
  const states = await Promise.all([1, 2, 3].map(() => counting(world.directory)))
  const waits = messages('holdfast:lock-wait')
  await Promise.all(states.map((state) => increments(state, 100)))
  expect(await states[0]?.refresh()).toBeGreaterThanOrEqual(300)
  expect(states[0]?.value.n).toBe(300)
  expect(new Set(waits.map(({ outcome }) => outcome))).toEqual(new Set(['acquired']))
  await Promise.all(states.map((state) => state.close()))
  expect(world.litter()).toEqual([])
})

/** Tries to commit on a version that is not the newest, so often. */
async function lose(writer: Sequence, times: number): Promise<void> {
  for (let loss = 0; loss < times; loss += 1) {
    const losing = writer.inTurn?.(() => writer.commit(count(writer, 1, 100)))
    expect(await losing).toMatchObject({ committed: false })
  }
}

test('a writer that has lost 16 times asks for a turn, and then sooner, as long as it needs turns', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  await raise(await sharer(world))
  const waits = messages('holdfast:lock-wait')
  let version = 2
  const win = async (): Promise<void> => {
    await raise(writer)
    version += 1
  }
  await lose(writer, 15)
  await win()
  expect(waits.length, 'it won before').toBe(0)
  for (const [losses, turns] of [
    [16, 1],
    [7, 1], // 8 would be too many; having won, 9
    [9, 2],
    [4, 3],
    [2, 4],
    [2, 5],
  ] as const) {
    await lose(writer, losses)
    await win()
    expect([losses, waits.length]).toEqual([losses, turns])
  }
  for (let wins = 0; wins < 14; wins += 1) await win()
  await lose(writer, 15)
  await win()
  expect(waits.length, 'it is as patient as in the beginning').toBe(5)
  expect(waits.every(({ outcome }) => outcome === 'acquired')).toBe(true)
  expect(await counter(writer)).toEqual({ n: version })
  await expect.poll(() => world.litter()).toEqual(['.'])
})

test('a writer stands back while another one has its turn, and queues behind it only if that lasts', async () => {
  const world = new World()
  world.stopClock()
  const writer = await laterSharer(world)
  const waits = messages('holdfast:lock-wait')
  const { place } = world.lock()
  let hold = await mustHold(world.lock(), 'shared')
  waits.length = 0
  let sleeps = 0
  world.onSleep = async () => {
    sleeps += 1
    const isQueueing = (await waitingTickets(place)).length > 0
    if (isQueueing || sleeps === 10) await hold.release()
  }
  const commit = (n: number) => writer.inTurn?.(() => writer.commit(count(writer, n - 1, n)))
  expect(await commit(2)).toEqual({ committed: true })
  expect([sleeps, waits]).toEqual([10, []])
  hold = await mustHold(world.lock(), 'shared')
  waits.length = 0
  world.aheadMs += 5
  expect(await commit(3)).toEqual({ committed: true })
  expect(sleeps).toBeGreaterThanOrEqual(10 + 20)
  expect(waits).toMatchObject([{ outcome: 'acquired' }])
  await writer.close()
  expect(world.litter()).toEqual([])
})

test('a writer does not stand back for the turn that it is ending itself', async () => {
  const world = new World()
  world.stopClock()
  let releases = 0
  const fileSystem = interceptFileSystem(nodeFileSystem, async (call, proceed) => {
    if (call.method === 'unlink' && call.path.includes('held')) {
      releases += 1
      for (let turn = 0; turn < 50; turn += 1) await setImmediate()
    }
    return proceed()
  })
  await laterSharer(world)
  const backend = await world.backend({ mode: 'shared' }, world.parts({}, fileSystem))
  const writer = await backend.open('trading')
  await raise(await sharer(world))
  releases = 0
  await lose(writer, 16)
  expect(await raise(writer)).toBe(3)
  world.aheadMs += 5
  let sleeps = 0
  world.onSleep = () => (sleeps += 1)
  expect(await raise(writer)).toBe(4)
  expect([releases, sleeps]).toEqual([1, 0])
})

test('one hold of the lock carries all updates that wait for it', async () => {
  const world = new World()
  const state = await counting(world.directory)
  await increments(state, 1)
  const hold = await mustHold(world.lock(), 'shared')
  const commits = messages('holdfast:commit')
  const first = state.update((draft) => (draft.n += 1))
  await setImmediate() // the commit under way waits for the lock
  const rest = Array.from({ length: 50 }, () => state.update((draft) => (draft.n += 1)))
  await hold.release()
  await Promise.all([first, ...rest])
  expect(commits.map(({ updates }) => updates)).toEqual([1, 50])
})

test('what waited for its turn is not written where another writer came first meanwhile', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  await writer.load()
  const hold = await mustHold(world.lock(), 'shared')
  const other = await (await world.backend({ mode: 'shared' }, { lock: 'off' })).open('trading')
  world.onSleep = async () => {
    if ((await waitingTickets(world.lock().place)).length === 0) return
    world.onSleep = () => undefined
    await raise(other)
    await hold.release()
  }
  const committing = writer.inTurn?.(() => writer.commit(count(writer, 1, 100)))
  expect(await committing).toEqual({ committed: false, newest: 2 })
  const journal = join(world.directory, 'trading.journal', '00000001.jsonl')
  expect(readFileSync(journal, 'utf8')).not.toContain('100')
})

test('a turn that its holder does not end is waited for, and then gone without, as often as it is met', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  await mustHold(world.lock(), 'shared')
  const waits = messages('holdfast:lock-wait')
  for (let n = 2; n <= 4; n += 1) {
    await writer.inTurn?.(() => writer.commit(count(writer, n - 1, n)))
  }
  expect(waits.map(({ outcome }) => outcome)).toEqual(['unlocked'])
  expect(world.elapsedMs).toBeLessThan(3000)
  expect(await counter(writer)).toEqual({ n: 4 })
})

test('a turn of a process that is gone is taken over at once, and leaves nothing', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  const dead = await Ticket.enter(world.lock(processes.dead).place, 'shared')
  await dead.seize()
  const takeovers = messages('holdfast:takeover')
  await writer.inTurn?.(() => writer.commit(count(writer, 1, 2)))
  expect(takeovers).toMatchObject([{ kind: 'shared', passing: 'dead' }])
  await writer.close()
  expect(world.litter()).toEqual([])
})

test('what the dead have left of the lock is gone after the next open, reader or not', async () => {
  const world = new World()
  const { place } = world.lock(processes.dead)
  const [holder, waiting] = [
    await Ticket.enter(place, 'shared'),
    await Ticket.enter(place, 'shared'),
  ]
  await holder.seize()
  expect(await waiting.seize()).toBe(false)
  expect(world.litter().length).toBe(5)
  await sharer(world)
  expect(world.litter()).toEqual([])
})

test('a process that opens a state for itself waits for the turn of another, and ends the turns of all', async () => {
  const world = new World()
  const hold = await mustHold(world.lock(), 'shared')
  let waits = 0
  world.onSleep = () => {
    waits += 1
    return waits === 3 ? hold.release() : undefined
  }
  const own = await (await world.backend()).open('trading')
  expect(waits).toBeGreaterThanOrEqual(3)
  expect(await raise(own)).toBe(1)
})

test('a commit that is given up while it waits for the lock is not made', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  const own = await (await world.backend()).open('trading')
  let isRun = false
  const work = async (): Promise<void> => {
    isRun = true
  }
  await expect(writer.inTurn?.(work)).rejects.toMatchObject({ code: 'LOCKED', committed: false })
  expect(isRun).toBe(false)
  await own.close()
  await writer.inTurn?.(work)
  expect(isRun).toBe(true)
})
