import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HoldfastError } from '@holdfast/core'
import { interceptFileSystem, nodeFileSystem, type Instance, type Liveness } from '@holdfast/fs'
import { expect, test } from 'vitest'
import { Hold } from '../src/hold.ts'
import { lockContext } from '../src/lock-context.ts'
import { LockPlace } from '../src/lock-place.ts'
import { removeHolder, waitingTickets } from '../src/queue.ts'
import { Ticket } from '../src/ticket.ts'
import { isRefused, mustHold, processes, World } from './world.ts'

test('one of many that want a free lock gets it', async () => {
  const world = new World()
  const { place } = world.lock()
  const tickets = await Promise.all(Array.from({ length: 8 }, () => Ticket.enter(place, 'shared')))
  const results = await Promise.all(tickets.map((ticket) => ticket.seize()))
  expect(results.filter(Boolean)).toEqual([true])
})

test('one of many that find the same dead holder gets its lock, whatever the order of their steps', async () => {
  const world = new World()
  const { place } = world.lock(processes.dead)
  const dead = await Ticket.enter(place, 'exclusive')
  await dead.seize()
  const [first, second] = [await Ticket.enter(place, 'shared'), await Ticket.enter(place, 'shared')]
  // Both have seen the dead one; the second goes on when the first has the lock already.
  expect(await removeHolder(place, dead.name)).toBe(true)
  expect(await first.seize()).toBe(true)
  expect(await removeHolder(place, dead.name)).toBe(false)
  expect(await second.seize()).toBe(false)
  expect(await first.isHeld()).toBe(true)
})

test('a holder that was passed over can neither give back, nor keep alive, nor hand over its successor’s lock', async () => {
  const world = new World()
  const { place } = world.lock()
  const [late, successor] = [
    await Ticket.enter(place, 'shared'),
    await Ticket.enter(place, 'shared'),
  ]
  await late.seize()
  await removeHolder(place, late.name)
  await successor.seize()
  const waiting = await Ticket.enter(place, 'shared')
  expect(await late.release()).toBe(false)
  await expect(late.beat()).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await successor.isHeld()).toBe(true)
  expect(await waiting.isHeld()).toBe(false)
})

test('a lock that is given back goes to who has waited longest, past the dead', async () => {
  const world = new World()
  const [here, gone] = [world.lock().place, world.lock(processes.dead).place]
  const holder = await Ticket.enter(here, 'shared')
  await holder.seize()
  await Ticket.enter(gone, 'shared')
  world.wallOffsetMs += 5
  const first = await Ticket.enter(here, 'shared')
  world.wallOffsetMs += 5
  const second = await Ticket.enter(here, 'shared')
  expect(await holder.release()).toBe(true)
  expect([await first.isHeld(), await second.isHeld()]).toEqual([true, false])
  expect(await first.seize()).toBe(true)
  await second.withdraw()
  await first.release()
  expect(world.litter()).toEqual(['.'])
})

test('a lock that is given back is not handed to who is stopped, and keeps its place for it', async () => {
  const world = new World()
  const stopped = world.lock({ startedAt: '1' }).place
  const { files } = world.parts()
  const livenessOf = ({ startedAt }: Instance): Liveness =>
    startedAt === '1' ? 'stopped' : 'alive'
  const context = lockContext({ ...world.parts(), files: { ...files, livenessOf } })
  const place = new LockPlace('trading', stopped.location, 3000, context)
  const holder = await Ticket.enter(place, 'shared')
  await holder.seize()
  const first = await Ticket.enter(stopped, 'shared')
  world.wallOffsetMs += 5
  const second = await Ticket.enter(place, 'shared')
  await holder.release()
  expect([await first.isHeld(), await second.isHeld()]).toEqual([false, true])
  expect((await waitingTickets(place)).map(({ text }) => text)).toEqual([first.name.text])
})

test('a ticket that leaves the queue when the lock has just been handed to it gives it on', async () => {
  const world = new World()
  const { place } = world.lock()
  const [holder, leaver, next] = [
    await Ticket.enter(place, 'shared'),
    await Ticket.enter(place, 'shared'),
    await Ticket.enter(place, 'shared'),
  ]
  await holder.seize()
  await holder.release()
  const [handed, other] = (await leaver.isHeld()) ? [leaver, next] : [next, leaver]
  await handed.withdraw()
  expect(await other.isHeld()).toBe(true)
})

test('a file of a stranger beside the ticket keeps nobody from giving the lock back, and is named to the next', async () => {
  const world = new World()
  const lock = world.lock()
  const hold = await mustHold(lock)
  const stranger = join(lock.place.held, '.DS_Store')
  writeFileSync(stranger, '')
  await hold.release()
  const error = await isRefused(world.lock()).catch((reason: unknown) => reason)
  expect(HoldfastError.is(error, 'IO') && error.message).toContain(stranger)
})

test('files of strangers in the queue are left alone, and harm nobody', async () => {
  const world = new World()
  const lock = world.lock()
  mkdirSync(lock.place.home, { recursive: true })
  writeFileSync(join(lock.place.home, 'notes.txt'), 'kept')
  const hold = await mustHold(lock)
  await hold.release()
  expect(await isRefused(world.lock())).toBe(false)
  expect(world.litter()).toEqual(['.', 'notes.txt'])
})

test.each(['mkdir', 'open', 'rename', 'write'])(
  'a %s that the system refuses is told at once, with the name of the file',
  async (method) => {
    const world = new World()
    const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) => {
      if (call.method !== method || !call.path.includes('trading.lock')) return proceed()
      const message = `EACCES: permission denied, ${method} '${call.path}'`
      throw Object.assign(new Error(message), { code: 'EACCES', errno: -13, syscall: method })
    })
    const backend = await world.backend({}, world.parts({}, fileSystem))
    const error = await backend.open('trading').catch((reason: unknown) => reason)
    expect(HoldfastError.is(error, 'IO') && error.message).toMatch(/trading\.lock.*right to write/)
    expect(world.aheadMs).toBe(0)
  },
)

test('nobody waits in a queue that nobody has joined', async () => {
  expect(await waitingTickets(new World().lock().place)).toEqual([])
})

test('a lock that is taken from a process while that takes it is waited for once more', async () => {
  const world = new World()
  let robberies = 0
  const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    const result = proceed()
    if (call.method === 'rename' && call.to.endsWith('held') && robberies < 3) {
      robberies += 1
      // It was stopped right here, for so long that others passed it over.
      for (const ticket of readdirSync(call.to)) rmSync(join(call.to, ticket))
      rmdirSync(call.to)
    }
    return result
  })
  const terms = { kind: 'exclusive', mayWait: () => true } as const
  const hold = await world.lock({}, fileSystem).acquire(terms)
  if (!(hold instanceof Hold)) throw new Error('it was refused')
  expect(robberies).toBe(3)
  expect(await hold.isHeld()).toBe(true)
  await hold.release()
})

test('a ticket whose record cannot be written leaves nothing that the lock could be handed to', async () => {
  const world = new World()
  let isFull = true
  const fileSystem = interceptFileSystem(nodeFileSystem, (call, proceed) => {
    if (call.method === 'write' && isFull) {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
    }
    return proceed()
  })
  const lock = world.lock({}, fileSystem)
  const terms = { kind: 'exclusive', mayWait: () => true } as const
  await expect(lock.acquire(terms)).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(await waitingTickets(lock.place)).toEqual([])
  isFull = false
  const hold = await mustHold(lock)
  await hold.release()
})
