import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openStore, type Sequence, type State } from '@holdfast/core'
import { interceptFileSystem, nodeFileSystem } from '@holdfast/fs'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { lockfileModule } from '../src/index.ts'
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

test('writers that meet take turns, lose no step, and leave nothing of the lock', async () => {
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

test('a writer whose turn is over goes on beside the next one for a while, and then queues again', async () => {
  const world = new World()
  const writer = await laterSharer(world)
  const hold = await mustHold(world.lock(), 'shared')
  let waits = 0
  let next: Ticket | null = null
  world.onSleep = async () => {
    waits += 1
    await (next === null ? hold.release() : next.release())
  }
  const commit = async (n: number): Promise<void> => {
    expect(await writer.inTurn?.(() => writer.commit(count(writer, n - 1, n)))).toMatchObject({
      committed: true,
    })
  }
  await commit(2) // waits for its turn
  next = await Ticket.enter(world.lock().place, 'shared')
  world.aheadMs += 15
  expect(await next.isHeld()).toBe(false)
  await commit(3)
  expect(await next.isHeld()).toBe(true)
  const before = waits
  world.aheadMs += 30
  await commit(4)
  expect([waits, await next.isHeld()]).toEqual([before, true])
  world.aheadMs += 30
  await commit(5)
  expect(waits).toBeGreaterThan(before)
  expect(await next.isHeld()).toBe(false)
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
  const committing = writer.inTurn?.(() => writer.commit(count(writer, 1, 100)))
  const other = await (await world.backend({ mode: 'shared' }, { lock: 'off' })).open('trading')
  await raise(other)
  await hold.release()
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
