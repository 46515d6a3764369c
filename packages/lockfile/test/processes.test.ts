import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@holdfast/core'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { lockfileModule } from '../src/index.ts'
import { beginTogether, Child, type Told } from './processes.ts'
import { temporaryFolder } from './temporary-folder.ts'

const schema = z.object({ n: z.number() })

async function counterIn(directory: string): Promise<number> {
  const store = await openStore(`lockfile:${directory}`, { backends: [lockfileModule] })
  onTestFinished(() => store.close())
  const state = await store.open('trading', { schema, initial: () => ({ n: 0 }) })
  return state.value.n
}

const isOpen = ({ open }: Told): boolean => open === true
const isStep = ({ n }: Told): boolean => n !== undefined
const isAnswer = (told: Told): boolean => isOpen(told) || told.code !== undefined

test('four processes that raise one counter lose no step, and leave nothing of the lock', async () => {
  const directory = temporaryFolder()
  const children = await beginTogether(4, () => new Child('writer', `lockfile:${directory}`, 100))
  for (const child of children) {
    expect({ ...(await child.end()), stderr: child.stderr }).toEqual({ done: true, stderr: '' })
  }
  expect(await counterIn(directory)).toBe(400)
  expect(existsSync(join(directory, 'trading.lock'))).toBe(false)
})

test('a process whose recipes take longer than the commits of the others has its turn all the same', async () => {
  const url = `lockfile:${temporaryFolder()}`
  const others = await beginTogether(3, () => new Child('writer', url, 1e9))
  await Promise.all(others.map((child) => child.hears(isOpen)))
  const [slow] = await beginTogether(1, () => new Child('writer', url, 30, 'attempts', 0, 5))
  const { attempts = 0 } = (await slow?.hears((told) => told.attempts !== undefined)) ?? {}
  // 16 without the lock, and few under it, since who is in the middle of a commit may still come first.
  expect(attempts).toBeGreaterThan(2)
  expect(attempts, 'it would be given up at 1,000').toBeLessThan(100)
})

test('of twenty processes that want a state to themselves at once one has it, and the others are told so', async () => {
  const url = `lockfile:${temporaryFolder()}?mode=exclusive`
  const children = await beginTogether(20, () => new Child('writer', url, 1e9))
  const answers = await Promise.all(children.map((child) => child.hears(isAnswer)))
  expect(answers.filter(isOpen).length).toBe(1)
  expect(answers.filter(({ code }) => code === 'LOCKED').length).toBe(19)
})

test('each time that an owner is killed, one of those that wait has the state, and no step is lost', async () => {
  const directory = temporaryFolder()
  const url = `lockfile:${directory}?mode=exclusive&wait=60000`
  const waiting = new Set(await beginTogether(5, () => new Child('writer', url, 1e9, 'yes')))
  let told = 0
  while (waiting.size > 0) {
    const owner = await Promise.any(
      [...waiting].map((child) => child.hears(isOpen).then(() => child)),
    )
    waiting.delete(owner)
    const { n: first = 0 } = await owner.hears(isStep)
    expect(first).toBeGreaterThan(told)
    // Time enough for another one to come between.
    await owner.hears(({ n = 0 }) => n > first + 20)
    expect([...waiting].flatMap((child) => child.told.filter(isOpen))).toEqual([])
    await owner.kill()
    told = Math.max(...owner.told.map(({ n = 0 }) => n))
  }
  expect(await counterIn(directory)).toBeGreaterThanOrEqual(told)
})

test('an owner that was stopped for long has lost the state when it goes on, and says so', async () => {
  const directory = temporaryFolder()
  const url = `lockfile:${directory}?mode=exclusive&stale=2000`
  const [stopped] = await beginTogether(1, () => new Child('writer', url, 1e9, 'yes'))
  await stopped?.hears(({ n = 0 }) => n > 20)
  stopped?.signal('SIGSTOP')
  const [next] = await beginTogether(1, () => new Child('writer', `${url}&wait=60000`, 1e9, 'yes'))
  const { n: first = 0 } = (await next?.hears(isStep)) ?? {}
  stopped?.signal('SIGCONT')
  expect(await stopped?.end()).toMatchObject({ code: 'OWNERSHIP_LOST' })
  expect(stopped?.told).toContainEqual({ lost: 'OWNERSHIP_LOST' })
  await next?.hears(({ n = 0 }) => n > first + 20)
  await next?.kill()
  // Every acknowledged step is another number: none was built on what it did not see.
  const steps = [stopped, next].flatMap((child) => (child?.told ?? []).filter(isStep))
  expect(new Set(steps.map(({ n }) => n)).size).toBe(steps.length)
  expect(await counterIn(directory)).toBeGreaterThanOrEqual(steps.length)
})

test('an owner whose event loop is blocked for longer than stale keeps the state', async () => {
  const url = `lockfile:${temporaryFolder()}?mode=exclusive&stale=2000`
  const [blocked] = await beginTogether(1, () => new Child('writer', url, 1e9, 'yes', 3000))
  await blocked?.hears(({ blocks }) => blocks === true)
  const [other] = await beginTogether(1, () => new Child('writer', `${url}&wait=2500`, 1))
  expect(await other?.end()).toMatchObject({ code: 'LOCKED' })
  await blocked?.hears(({ n = 0 }) => n > 1)
  expect(blocked?.told.filter(({ lost }) => lost !== undefined)).toEqual([])
})

test('SIGTERM ends a process that has a state to itself at once, whatever it is at', async () => {
  const directory = temporaryFolder()
  const url = `lockfile:${directory}?mode=exclusive`
  const [busy] = await beginTogether(1, () => new Child('writer', url, 2, 'yes', 10_000))
  await busy?.hears(({ blocks }) => blocks === true)
  busy?.signal('SIGTERM')
  expect(await busy?.end()).toEqual({ blocks: true })
  expect(busy?.process.signalCode).toBe('SIGTERM')
  expect(await counterIn(directory)).toBe(1)
})

test('a follower is told of the commits of other processes in order, each once', async () => {
  const directory = temporaryFolder()
  const store = await openStore(`lockfile:${directory}`, { backends: [lockfileModule] })
  onTestFinished(() => store.close())
  const state = await store.open('trading', { schema, initial: () => ({ n: 0 }) })
  await state.update((draft) => (draft.n += 1))
  const [subscribed, iterated]: [number[], number[]] = [[], []]
  state.subscribe(({ version }) => subscribed.push(version))
  await beginTogether(3, () => new Child('writer', `lockfile:${directory}`, 100))
  for await (const { version } of state.changes({ since: 1 })) {
    iterated.push(version)
    if (state.value.n === 301 && version === state.version) break
  }
  const versions = Array.from({ length: state.version - 1 }, (_, index) => index + 2)
  expect(iterated).toEqual(versions)
  expect(subscribed).toEqual(versions)
})

test('a second process is refused at once, and told who has the state', async () => {
  const directory = temporaryFolder()
  const url = `lockfile:${directory}?mode=exclusive`
  const [owner] = await beginTogether(1, () => new Child('writer', url, 1e9))
  await owner?.hears(isOpen)
  const [second] = await beginTogether(1, () => new Child('writer', url, 1))
  const { code, message, holder } = (await second?.end()) ?? {}
  expect(code).toBe('LOCKED')
  expect(holder).toMatchObject({ pid: owner?.process.pid })
  expect(message).toMatch(new RegExp(`pid ${owner?.process.pid} on .* since 2.*writer\\.ts`))
})
