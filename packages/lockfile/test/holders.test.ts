import { utimesSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Ticket } from '../src/ticket.ts'
import type { StateLock } from '../src/state-lock.ts'
import { messages } from './messages.ts'
import { isRefused, mustHold, processes, World } from './world.ts'

/** Leaves the lock as a process does that was killed while it held it. */
async function abandon(
  lock: StateLock,
  kind: 'shared' | 'exclusive' = 'exclusive',
): Promise<Ticket> {
  const ticket = await Ticket.enter(lock.place, kind)
  expect(await ticket.seize()).toBe(true)
  return ticket
}

test.each([
  ['whose process is gone', processes.dead],
  ['whose pid is a later process’s by now', processes.reused],
  ['of before the last boot', processes.beforeBoot],
])('the lock of a holder %s is taken at once, and told as a takeover', async (_, instance) => {
  const world = new World()
  await abandon(world.lock(instance))
  const takeovers = messages('holdfast:takeover')
  expect(await isRefused(world.lock())).toBe(false)
  expect(takeovers).toMatchObject([
    { state: 'trading', kind: 'exclusive', passing: 'dead', holder: { host: 'vm' } },
  ])
  expect(world.aheadMs).toBe(0)
})

test('a holder that runs keeps a state to itself however long it shows no sign of life', async () => {
  const world = new World()
  await mustHold(world.lock())
  expect(await isRefused(world.lock(), 60_000)).toBe(true)
  expect(world.elapsedMs).toBeGreaterThanOrEqual(60_000)
})

test.each([
  ['in another container', processes.otherContainer],
  ['on another host', processes.otherHost],
])('a holder %s is passed over after 3 s without a sign of life, and not before', async (_, it) => {
  const world = new World()
  await abandon(world.lock(it))
  expect(await isRefused(world.lock())).toBe(true)
  expect(await isRefused(world.lock(), 2900)).toBe(true)
  const takeovers = messages('holdfast:takeover')
  expect(await isRefused(world.lock(), 3100)).toBe(false)
  expect(takeovers).toMatchObject([{ passing: 'silent', holder: { command: 'node bot.js' } }])
})

test('a holder in another container that shows signs of life is never passed over', async () => {
  const world = new World()
  const ticket = await abandon(world.lock(processes.otherContainer))
  world.onSleep = () => ticket.beat()
  expect(await isRefused(world.lock(), 10_000)).toBe(true)
})

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])(
  'a clock that is set %s takes nothing from a holder in another container that lives',
  async (_, offset) => {
    const world = new World()
    const ticket = await abandon(world.lock(processes.otherContainer))
    world.wallOffsetMs = offset
    world.onSleep = () => ticket.beat()
    expect(await isRefused(world.lock(), 10_000)).toBe(true)
  },
)

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])(
  'a clock that was set %s keeps nobody out whose predecessor in another container is gone',
  async (_, offset) => {
    const world = new World()
    await abandon(world.lock(processes.otherContainer))
    world.wallOffsetMs = offset
    // Not even one who does not wait: a look at the holder for as long as it may be silent is due.
    expect(await isRefused(world.lock())).toBe(false)
    expect(world.elapsedMs).toBeGreaterThanOrEqual(3000)
  },
)

test('a container that is started again with the same pid gets the lock when the old one has been silent', async () => {
  const world = new World()
  const old = await abandon(world.lock({ ...processes.otherContainer, startedAt: '1' }))
  const restarted = world.lock()
  expect(await isRefused(restarted)).toBe(true)
  utimesSync(`${restarted.place.held}/${old.name.text}`, 1, 1)
  expect(await isRefused(world.lock())).toBe(false)
})

test('the turn of a writer that does not end it is over after 3 s, even if it runs', async () => {
  const world = new World()
  await abandon(world.lock(), 'shared')
  const late = world.lock()
  const result = await late.acquire({ kind: 'exclusive', mayWait: () => true })
  expect(result).toHaveProperty('release')
  expect(world.elapsedMs).toBeGreaterThanOrEqual(3000)
})
