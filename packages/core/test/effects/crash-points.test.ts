import { expect, test } from 'vitest'
import { Exchange, type Mishap } from '../support/exchange.ts'
import { openDesk } from '../support/open-desk.ts'
import { held, ScriptedBackend } from '../support/scripted-backend.ts'
import type { PendingChange } from '../../src/index.ts'

const btc = { symbol: 'BTC', price: 64_000 }

/** Where the process stops for ever: in one of its commits, or in sending the order. */
type Stop = { readonly commit: number; readonly hasLanded: boolean } | { readonly send: Mishap }

interface CrashPoint {
  readonly at: string
  readonly stop: Stop
  readonly isPending: boolean
  readonly isAtExchange: boolean
  /** How often the order is sent, over both lives. */
  readonly sent: number
}

const crashPoints: CrashPoint[] = [
  {
    at: 'before the intent is stored',
    stop: { commit: 1, hasLanded: false },
    isPending: false,
    isAtExchange: false,
    sent: 1,
  },
  {
    at: 'when the intent is stored, before that is known',
    stop: { commit: 1, hasLanded: true },
    isPending: true,
    isAtExchange: false,
    sent: 1,
  },
  {
    at: 'while the order is sent, before it arrives',
    stop: { send: 'hangs before it arrives' },
    isPending: true,
    isAtExchange: false,
    sent: 2,
  },
  {
    at: 'when the order has arrived, before the answer',
    stop: { send: 'hangs after it arrived' },
    isPending: true,
    isAtExchange: true,
    sent: 1,
  },
  {
    at: 'when the answer is there, before it is stored',
    stop: { commit: 2, hasLanded: false },
    isPending: true,
    isAtExchange: true,
    sent: 1,
  },
  {
    at: 'when the answer is stored, before that is known',
    stop: { commit: 2, hasLanded: true },
    isPending: false,
    isAtExchange: true,
    sent: 1,
  },
]

/** A first life that stops at `stop`; what it left behind. */
async function crash(stop: Stop): Promise<{ backend: ScriptedBackend; exchange: Exchange }> {
  const backend = new ScriptedBackend()
  const exchange = new Exchange()
  const { order, stored } = await openDesk({ backend, exchange })
  const reached = new Promise<void>((resolve) => {
    const hang = (_change: PendingChange, land: () => unknown): Promise<never> => {
      if ('commit' in stop && stop.hasLanded) land()
      resolve()
      return new Promise(() => {})
    }
    if ('commit' in stop) {
      for (let commit = 1; commit < stop.commit; commit++) {
        stored.answers.push(async (_change, land) => land())
      }
      stored.answers.push(hang)
    } else {
      exchange.script.push(stop.send)
      exchange.onSend = resolve
    }
  })
  void order('o-1', btc)
  await reached
  return { backend, exchange }
}

test.for(crashPoints)(
  'a crash $at leaves the order once at the exchange and once in the state, after recover()',
  async ({ stop, isPending, isAtExchange, sent }) => {
    const left = await crash(stop)
    expect(left.exchange.fills.size).toBe(isAtExchange ? 1 : 0)
    const { state, order, exchange } = await openDesk(left)
    expect(state.pending().map(({ id }) => id)).toEqual(isPending ? ['o-1'] : [])
    const recovered = await state.recover()
    expect(recovered.map(({ outcome }) => outcome)).toEqual(
      isPending ? [isAtExchange ? 'found' : 'repeated'] : [],
    )
    await expect(order('o-1', btc)).resolves.toEqual({ status: 'filled', price: 64_000 })
    expect(state.value).toEqual({ orders: { 'o-1': 64_000 }, filled: 1 })
    expect(state.pending()).toEqual([])
    expect([exchange.fills.size, exchange.sent.length]).toEqual([1, sent])
    expect(new Set(exchange.sent).size).toBe(1)
  },
)

test.for(crashPoints)(
  'a crash $at is made good by the same call alone, which asks before it sends',
  async ({ stop, isPending, sent }) => {
    const left = await crash(stop)
    const { state, order, exchange } = await openDesk(left)
    await expect(order('o-1', btc)).resolves.toEqual({ status: 'filled', price: 64_000 })
    expect(exchange.asked).toHaveLength(isPending ? 1 : 0)
    expect(state.value).toEqual({ orders: { 'o-1': 64_000 }, filled: 1 })
    expect([exchange.fills.size, exchange.sent.length]).toEqual([1, sent])
  },
)

test('run is not called before the intent is durable', async () => {
  const { order, exchange, stored } = await openDesk()
  const gate = held()
  stored.answers.push(gate.answer)
  const ordering = order('o-1', btc)
  await gate.begun
  expect([exchange.sent, stored.changes]).toEqual([[], []])
  gate.release()
  await ordering
  expect(exchange.sent).toHaveLength(1)
})

test('the result and what apply changes are one commit, and the intent is open until then', async () => {
  const { state, order, stored } = await openDesk()
  await state.update((draft) => void draft.filled++)
  await order('o-1', btc)
  expect(
    stored.changes.map(({ patches }) => patches.map(({ op, path }) => `${op} ${path}`)),
  ).toEqual([
    ['add '],
    ['add /$holdfast'],
    ['add /$holdfast/effects/order:o-1/settled', 'replace /filled', 'add /orders/o-1'],
  ])
})

test('a state that was put back to an older version sends again under the key it had used', async () => {
  const first = await openDesk()
  await first.order('o-0', btc)
  await first.order('o-1', btc)
  first.stored.changes.splice(2)
  const { state, order, exchange } = await openDesk(first)
  await order('o-1', btc)
  expect(exchange.sent.slice(1)).toEqual([exchange.sent[1], exchange.sent[1]])
  expect([exchange.fills.size, state.value.filled]).toEqual([2, 2])
})

test('a second crash, while the first is recovered, is recovered as well', async () => {
  const left = await crash({ commit: 1, hasLanded: true })
  const second = await openDesk(left)
  left.exchange.script.push('hangs after it arrived')
  const sending = new Promise<void>((resolve) => {
    left.exchange.onSend = resolve
  })
  void second.state.recover()
  await sending
  const { state } = await openDesk(left)
  expect(state.pending()).toMatchObject([{ id: 'o-1', attempts: 2, state: 'unanswered' }])
  await expect(state.recover()).resolves.toMatchObject([{ outcome: 'found' }])
  expect(state.value).toEqual({ orders: { 'o-1': 64_000 }, filled: 1 })
  expect(left.exchange.fills.size).toBe(1)
})
