import { expect, test } from 'vitest'
import { z } from 'zod'
import { bigintText, dateText, type State } from '../../src/index.ts'
import { deferred } from '../support/deferred.ts'
import { must } from '../support/must.ts'
import { type Book, openDesk, orderDefinition } from '../support/open-desk.ts'
import { failing, ScriptedBackend } from '../support/scripted-backend.ts'
import type { Fill } from '../support/exchange.ts'

const btc = { symbol: 'BTC', price: 64_000 }

test('an id that was settled gives its stored result and runs nothing, now and after a restart', async () => {
  const first = await openDesk()
  await first.order('o-1', btc)
  await expect(first.order('o-1', btc)).resolves.toEqual({ status: 'filled', price: 64_000 })
  const second = await openDesk(first)
  await expect(second.order('o-1', btc)).resolves.toEqual({ status: 'filled', price: 64_000 })
  expect([first.exchange.sent.length, first.exchange.asked.length]).toEqual([1, 0])
  expect(second.state.value.filled).toBe(1)
})

test('calls with an id that is under way join it', async () => {
  const { order, exchange, state } = await openDesk()
  const results = await Promise.all([order('o-1', btc), order('o-1', btc), order('o-1', btc)])
  expect(exchange.sent).toHaveLength(1)
  expect(state.value.filled).toBe(1)
  expect(results[0]).toEqual(results[2])
  expect(results[0]).not.toBe(results[2])
})

test('a definite refusal is a result: it is kept, and not tried again', async () => {
  const { order, exchange, state } = await openDesk()
  exchange.script.push('refuses')
  await expect(order('o-1', btc)).resolves.toMatchObject({ status: 'refused' })
  await expect(order('o-1', btc)).resolves.toMatchObject({ status: 'refused' })
  expect([exchange.sent.length, state.value.filled, state.pending()]).toEqual([1, 0, []])
})

test('another input under a known id is INVALID, whether it is under way, open or settled', async () => {
  const { order, exchange, state } = await openDesk()
  const other = { ...btc, price: 1 }
  const refused = { code: 'INVALID', state: 'bot', effect: undefined }
  const settled = order('o-1', btc)
  await expect(order('o-1', other)).rejects.toMatchObject(refused)
  await settled
  await expect(order('o-1', other)).rejects.toMatchObject(refused)
  exchange.script.push('never arrives')
  await expect(order('o-2', btc)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  await expect(order('o-2', other)).rejects.toMatchObject(refused)
  expect([exchange.sent.length, exchange.asked.length, state.pending().length]).toEqual([2, 0, 1])
})

test('an input is the same whatever the order of its keys', async () => {
  const { order, exchange } = await openDesk()
  await order('o-1', btc)
  await order('o-1', { price: 64_000, symbol: 'BTC' })
  expect(exchange.sent).toHaveLength(1)
})

test('an input that the schema refuses is INVALID with its paths, and leaves no trace', async () => {
  const { order, exchange, stored } = await openDesk()
  const error = order('o-1', { symbol: 'BTC', price: Number.NaN })
  await expect(error).rejects.toMatchObject({ code: 'INVALID', issues: [{ path: '/price' }] })
  await expect(order('', btc)).rejects.toMatchObject({ code: 'INVALID' })
  expect([exchange.sent, stored.changes]).toEqual([[], []])
})

test('when the intent cannot be stored, nothing is run, and the error is that of the commit', async () => {
  const { order, exchange, stored, state } = await openDesk()
  stored.answers.push(failing('NO_SPACE'))
  const error = await order('o-1', btc).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'NO_SPACE', committed: false, effect: undefined })
  expect([exchange.sent, state.pending()]).toEqual([[], []])
  await order('o-1', btc)
  expect(exchange.sent).toHaveLength(1)
})

test('every id is its own, also those that look like indices, prototypes or pointers', async () => {
  const ids = [
    '7',
    '07',
    '__proto__',
    'constructor',
    'a:b',
    'a/b~c',
    '~1',
    ' ',
    'Ö',
    '\u0000',
    '$holdfast',
  ]
  const definition = { apply: () => {} }
  const { order, exchange, backend } = await openDesk({ definition })
  for (const [price, id] of ids.entries()) await order(id, { symbol: 'BTC', price })
  expect(new Set(exchange.sent).size).toBe(ids.length)
  const after = await openDesk({ backend, exchange, definition })
  for (const [price, id] of ids.entries()) {
    await expect(after.order(id, { symbol: 'BTC', price })).resolves.toMatchObject({ price })
  }
  expect(exchange.sent).toHaveLength(ids.length)
})

test('a key is 32 hexadecimal digits, the same at each attempt, and of this state, effect and id alone', async () => {
  const { order, exchange, state } = await openDesk()
  const other = await openDesk()
  const keys: string[] = []
  const cancel = state.effect('cancel', {
    ...orderDefinition(exchange),
    run: (_input, { key }): Fill => {
      keys.push(key)
      return { status: 'filled', price: 0 }
    },
  })
  await order('o-1', btc)
  await order('o-2', btc)
  await cancel('o-1', btc)
  await other.order('o-1', btc)
  keys.push(...exchange.sent, ...other.exchange.sent)
  expect(keys.filter((key) => /^[0-9a-f]{32}$/.test(key))).toHaveLength(4)
  expect(new Set(keys).size).toBe(4)
})

test('codecs are honoured: run, find and apply see bigints and Dates, the document keeps text', async () => {
  const backend = new ScriptedBackend()
  const { state, stored } = await openDesk({ backend })
  const seen: unknown[] = []
  const pay = state.effect('pay', {
    input: z.object({ amount: bigintText }),
    result: z.object({ at: dateText, fee: z.number().default(1) }),
    run: (input) => {
      seen.push(input)
      return { at: new Date(5), fee: 1 }
    },
    find: () => 'absent',
    apply: (draft, { at }, { amount }) => {
      draft.orders[at.toISOString()] = Number(amount)
    },
  })
  await expect(pay('p', { amount: 9n })).resolves.toEqual({ at: new Date(5), fee: 1 })
  await expect(pay('p', { amount: 9n })).resolves.toEqual({ at: new Date(5), fee: 1 })
  expect(seen).toEqual([{ amount: 9n }])
  expect(state.value.orders).toEqual({ '1970-01-01T00:00:00.005Z': 9 })
  expect(stored.document).toMatchObject({
    $holdfast: {
      effects: {
        'pay:p': {
          input: { amount: '9' },
          attempts: 1,
          settled: { result: { at: '1970-01-01T00:00:00.005Z', fee: 1 } },
        },
      },
    },
  })
})

test('what is done to an input, a result or a draft elsewhere reaches nothing that is kept', async () => {
  const { state, exchange, stored } = await openDesk()
  const kept: unknown[] = []
  const input = { symbol: 'BTC', price: 1 }
  const order = state.effect('mine', {
    ...orderDefinition(exchange),
    run: (given) => {
      Reflect.set(given, 'symbol', 'ETH')
      const fill: Fill = { status: 'filled', price: 2 }
      kept.push(fill)
      return fill
    },
    apply: (draft, result) => void Reflect.set(result, 'price', draft.filled++ + 5),
  })
  const ordering = order('o-1', input)
  input.symbol = 'XRP'
  const result = await ordering
  Reflect.set(result, 'price', 3)
  Reflect.set(must(kept[0] as object | undefined), 'price', 4)
  await expect(order('o-1', { symbol: 'BTC', price: 1 })).resolves.toEqual({
    status: 'filled',
    price: 2,
  })
  expect(stored.document).toMatchObject({ filled: 1 })
})

test('apply runs again after a conflict, and what is committed is its last run alone', async () => {
  const { state, order, stored } = await openDesk()
  await state.update((draft) => void (draft.filled = 10))
  stored.answers.push(
    async (_change, land) => land(),
    async (_change, land) => {
      stored.landForeign([{ op: 'replace', path: '/filled', value: 20 }])
      return land()
    },
  )
  await order('o-1', btc)
  expect(state.value).toEqual({ orders: { 'o-1': 64_000 }, filled: 21 })
  expect(stored.document).toMatchObject({ filled: 21 })
})

test('effects and updates of the same moment go out together, and each keeps its own', async () => {
  const { state, order, stored } = await openDesk()
  const all = await Promise.allSettled([
    state.update((draft) => void (draft.filled += 100)),
    order('o-1', btc),
    state.update(() => {
      throw new Error('mine alone')
    }),
    state.replace({ orders: { old: 1 }, filled: 50 }),
    order('o-2', btc),
  ])
  expect(all.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(state.value).toEqual({ orders: { old: 1, 'o-1': 64_000, 'o-2': 64_000 }, filled: 52 })
  expect(stored.document).toMatchObject(structuredClone(state.value))
  expect(state.pending()).toEqual([])
})

test('no more of an effect are under way at once than its concurrency says, first come first served', async () => {
  const gates = [deferred<Fill>(), deferred<Fill>(), deferred<Fill>(), deferred<Fill>()]
  const begun = [deferred<undefined>(), deferred<undefined>(), deferred<undefined>()]
  const running: string[] = []
  const definition = {
    concurrency: 2,
    run: (_input: unknown, { id }: { id: string }) => {
      running.push(id)
      begun[Number(id)]?.resolve(undefined)
      return must(gates[Number(id)]).promise
    },
  }
  const { state, order } = await openDesk({ definition })
  const orders = ['0', '1', '2', '3'].map((id) => order(id, btc))
  await Promise.all([begun[0]?.promise, begun[1]?.promise])
  expect(running).toEqual(['0', '1'])
  // What waits is not recorded yet: it is not carried out after a crash, when it may be stale.
  expect(state.pending().map(({ id }) => id)).toEqual(['0', '1'])
  must(gates[1]).resolve({ status: 'filled', price: 1 })
  await orders[1]
  await begun[2]?.promise
  expect(running).toEqual(['0', '1', '2'])
  for (const gate of gates) gate.resolve({ status: 'filled', price: 1 })
  await Promise.all(orders)
  expect(running).toEqual(['0', '1', '2', '3'])
})

test('an id that was settled does not wait for what is under way', async () => {
  const gate = deferred<Fill>()
  const run = (_input: unknown, { id }: { id: string }): Promise<Fill> | Fill =>
    id === 'o-1' ? { status: 'filled', price: 1 } : gate.promise
  const { order } = await openDesk({ definition: { concurrency: 1, run } })
  await order('o-1', btc)
  const busy = order('o-2', btc)
  await expect(order('o-1', btc)).resolves.toEqual({ status: 'filled', price: 1 })
  gate.resolve({ status: 'filled', price: 2 })
  await busy
})

test('an effect is defined once, under a name, with numbers in range', async () => {
  const { state, exchange } = await openDesk()
  const definition = orderDefinition(exchange)
  const refused = expect.objectContaining({ code: 'CONFIG' })
  const define =
    (name: string, more: object = {}) =>
    () =>
      state.effect(name, { ...definition, ...more })
  for (const name of ['order', '', '1st', 'a:b', 'a b', '__proto__', 'x'.repeat(65)]) {
    expect(define(name), name).toThrow(refused)
  }
  for (const wrong of [0, -1, 1.5, Number.NaN]) {
    expect(define('x', { timeoutMs: wrong })).toThrow(refused)
    expect(define('x', { concurrency: wrong })).toThrow(refused)
    expect(define('x', { settled: { count: wrong } })).toThrow(refused)
    expect(define('x', { settled: { ageMs: wrong } })).toThrow(refused)
  }
  expect(define('x', { timeoutMs: 2 ** 31 })).toThrow(refused)
  const transform = z.object({ a: bigintText, b: z.string().transform(Number) })
  expect(define('x', { input: transform })).toThrow(refused)
  define('x', {
    timeoutMs: Number.POSITIVE_INFINITY,
    settled: { ageMs: Number.POSITIVE_INFINITY },
  })()
})

test('a state without effects has nothing reserved in its document or its patches', async () => {
  const { state, stored } = await openDesk()
  await state.update((draft) => void draft.filled++)
  await state.replace({ orders: {}, filled: 5 })
  expect(JSON.stringify(stored.changes)).not.toContain('$holdfast')
  const typed: State<Book> = state
  expect(typed.pending()).toEqual([])
  await expect(typed.recover()).resolves.toEqual([])
})
