import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/index.ts'
import { deferred } from '../support/deferred.ts'
import type { Fill } from '../support/exchange.ts'
import { must } from '../support/must.ts'
import { losingTheAnswer } from '../support/scripted-backend.ts'
import { type Desk, type DeskOptions, openDesk, orderDefinition } from '../support/open-desk.ts'

const btc = { symbol: 'BTC', price: 64_000 }
const dayMs = 24 * 60 * 60 * 1000

/** A desk whose clock reads the number of days that it was set to. */
async function deskOn(options: DeskOptions = {}): Promise<Desk & { on(day: number): void }> {
  let nowMs = Date.parse('2026-01-01T00:00:00.000Z')
  const start = nowMs
  const desk = await openDesk({ ...options, now: () => nowMs })
  return { ...desk, on: (day) => void (nowMs = start + day * dayMs) }
}

/** The ids that are remembered of all effects, as stored. */
function remembered({ stored }: Desk): string[] {
  const { $holdfast } = stored.document as { $holdfast: { effects: JsonObject } }
  return Object.keys($holdfast.effects).toSorted()
}

test('settled ids beyond the count are forgotten, the one settled first goes first', async () => {
  const desk = await deskOn({ definition: { settled: { count: 2 } } })
  for (const id of ['9', '1', '5']) await desk.order(id, btc)
  expect(remembered(desk)).toEqual(['order:1', 'order:5'])
  await desk.order('3', btc)
  expect(remembered(desk)).toEqual(['order:3', 'order:5'])
  expect(desk.exchange.sent).toHaveLength(4)
})

test('the order of settling survives a restart, whatever the ids and the order of the calls', async () => {
  const gates = new Map(['5', '1', '9'].map((id) => [id, deferred<Fill>()]))
  const run = (_input: unknown, { id }: { id: string }) => must(gates.get(id)).promise
  const first = await deskOn({ definition: { run, settled: { count: 3 } } })
  const calls = new Map(Array.from(gates.keys(), (id) => [id, first.order(id, btc)]))
  for (const [day, id] of ['9', '1', '5'].entries()) {
    first.on(day)
    must(gates.get(id)).resolve({ status: 'filled', price: 1 })
    await calls.get(id)
  }
  const second = await deskOn({ backend: first.backend, definition: { settled: { count: 3 } } })
  second.on(4)
  await second.order('3', btc)
  expect(remembered(second)).toEqual(['order:1', 'order:3', 'order:5'])
})

test('settled ids beyond the age are forgotten when another one is settled, and not those within', async () => {
  const desk = await deskOn({ definition: { settled: { ageMs: 2 * dayMs } } })
  for (const day of [0, 1, 2]) {
    desk.on(day)
    await desk.order(`day-${day}`, btc)
  }
  expect(remembered(desk)).toHaveLength(3)
  desk.on(3.5)
  await desk.order('day-3', btc)
  expect(remembered(desk)).toEqual(['order:day-2', 'order:day-3'])
})

test('without bounds 1000 ids are kept for 30 days', async () => {
  const desk = await deskOn()
  await desk.order('first', btc)
  desk.on(30)
  await desk.order('second', btc)
  expect(remembered(desk)).toHaveLength(2)
  await Promise.all(Array.from({ length: 999 }, (_, index) => desk.order(`${index}`, btc)))
  expect(remembered(desk)).toHaveLength(1000)
  expect(remembered(desk)).not.toContain('order:first')
  desk.on(61)
  await desk.order('last', btc)
  expect(remembered(desk)).toEqual(['order:last'])
})

test('the bounds are those of one effect, and never reach what is open', async () => {
  const desk = await deskOn({ definition: { settled: { count: 1 } } })
  const definition = { ...orderDefinition(desk.exchange), settled: { count: 1 } }
  const cancel = desk.state.effect('cancel', definition)
  await cancel('c', btc)
  desk.exchange.script.push('never arrives')
  await desk.order('open', btc).catch(() => {})
  await desk.order('a', btc)
  await desk.order('b', btc)
  expect(remembered(desk)).toEqual(['cancel:c', 'order:b', 'order:open'])
})

test('an id that was forgotten is run again, under the key that it had', async () => {
  const desk = await deskOn({ definition: { settled: { count: 1 } } })
  await desk.order('a', btc)
  await desk.order('b', btc)
  await desk.order('a', btc)
  expect(desk.exchange.sent).toHaveLength(3)
  expect(desk.exchange.sent[2]).toBe(desk.exchange.sent[0])
  expect(desk.exchange.fills.size).toBe(2)
})

test('what a commit that failed or lost had forgotten is known again, and still the first to go', async () => {
  const desk = await deskOn({ definition: { settled: { count: 3 } } })
  for (const id of ['1', '2', '3']) await desk.order(id, btc)
  desk.stored.answers.push(
    async (_change, land) => land(),
    (change, land) => {
      desk.stored.landForeign([{ op: 'replace', path: '/filled', value: 100 }])
      return losingTheAnswer(false)(change, land)
    },
  )
  await desk.order('4', btc)
  expect(remembered(desk)).toEqual(['order:2', 'order:3', 'order:4'])
  await desk.order('5', btc)
  expect(remembered(desk)).toEqual(['order:3', 'order:4', 'order:5'])
  await expect(desk.order('3', btc)).resolves.toMatchObject({ status: 'filled' })
  expect(desk.exchange.sent).toHaveLength(5)
})

test('what is committed for an effect does not grow with what is remembered', async () => {
  const desk = await deskOn({ definition: { settled: { count: 500 } } })
  await Promise.all(Array.from({ length: 600 }, (_, index) => desk.order(`${index}`, btc)))
  const before = desk.stored.changes.length
  await desk.order('one more', btc)
  const patches = desk.stored.changes.slice(before).map((change) => change.patches.length)
  // The intent; its result, what goes for it, and what apply changes.
  expect(patches).toEqual([1, 4])
  expect(JSON.stringify(desk.stored.changes.slice(before)).length).toBeLessThan(2000)
})
