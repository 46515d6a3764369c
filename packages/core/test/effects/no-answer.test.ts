import { channel } from 'node:diagnostics_channel'
import { expect, onTestFinished, test, vi } from 'vitest'
import { HoldfastError } from '../../src/index.ts'
import { deferred } from '../support/deferred.ts'
import { Exchange, type Fill } from '../support/exchange.ts'
import { openDesk } from '../support/open-desk.ts'
import { failing, held } from '../support/scripted-backend.ts'
import { must } from '../support/must.ts'

const btc = { symbol: 'BTC', price: 64_000 }

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

test('a run that throws gives OUTCOME_UNKNOWN with effect and cause, and the intent stays open', async () => {
  const { state, order, exchange } = await openDesk()
  exchange.script.push('answer is lost')
  const error = await rejection(order('o-1', btc))
  const [key] = exchange.sent
  expect(HoldfastError.is(error, 'OUTCOME_UNKNOWN')).toBe(true)
  expect(error).toMatchObject({
    state: 'bot',
    effect: { name: 'order', id: 'o-1', key },
    cause: new Error('socket hang up'),
    message: expect.stringMatching(
      /"bot" \(scripted:bot\).*"order" "o-1".*socket hang up.*recover/,
    ),
  })
  expect(state.pending()).toEqual([
    {
      name: 'order',
      id: 'o-1',
      key,
      input: btc,
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      attempts: 1,
      state: 'unanswered',
    },
  ])
})

test('an open intent is asked for before it is sent again, and found it is not sent', async () => {
  const { state, order, exchange } = await openDesk()
  exchange.script.push('answer is lost')
  await rejection(order('o-1', btc))
  await expect(order('o-1', btc)).resolves.toMatchObject({ status: 'filled' })
  expect([exchange.sent.length, exchange.asked.length]).toEqual([1, 1])
  expect(state.value.filled).toBe(1)
})

test('an intent that is positively absent is sent again, under its key, as the next attempt', async () => {
  const attempts: number[] = []
  const exchange = new Exchange()
  const { order, state } = await openDesk({
    exchange,
    definition: {
      run: ({ price }, { key, attempt }) => {
        attempts.push(attempt)
        return exchange.place(key, price)
      },
    },
  })
  exchange.script.push('never arrives', 'never arrives')
  await rejection(order('o-1', btc))
  await rejection(order('o-1', btc))
  expect(state.pending()).toMatchObject([{ attempts: 2 }])
  await order('o-1', btc)
  expect(attempts).toEqual([1, 2, 3])
  expect(new Set(exchange.sent).size).toBe(1)
})

const noFindings: [string, () => unknown][] = [
  ['throws', () => Promise.reject(new Error('503'))],
  ['cannot tell', () => 'unknown'],
  ['gives nothing', () => undefined],
  ['gives null', () => null],
  ['gives another word', () => 'no'],
  ['gives the answer itself', () => ({ status: 'filled', price: 1 })],
  ['gives an answer that does not fit', () => ({ found: { status: 'lost' } })],
]

test.for(noFindings)(
  'a find that %s leaves the intent open, and nothing is sent',
  async ([, find]) => {
    const { order, exchange, state } = await openDesk({ definition: { find: find as never } })
    exchange.script.push('never arrives')
    await rejection(order('o-1', btc))
    const error = await rejection(order('o-1', btc))
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', effect: { id: 'o-1' } })
    await expect(state.recover()).resolves.toMatchObject([{ id: 'o-1', outcome: 'open' }])
    expect([exchange.sent.length, state.pending().length]).toEqual([1, 1])
  },
)

test('an answer that its schema refuses leaves the intent open, with the issues as its cause', async () => {
  const definition = { run: () => ({ status: 'gone', price: 1 }) as unknown as Fill }
  const { order, state } = await openDesk({ definition })
  const error = await rejection(order('o-1', btc))
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', cause: { code: 'INVALID' } })
  expect(state.pending()).toHaveLength(1)
})

test.for([
  ['throws', () => must<undefined>(undefined)],
  ['makes an invalid document', (draft: { filled: number }) => void (draft.filled = Number.NaN)],
  ['is asynchronous', () => Promise.resolve() as never],
] as const)(
  'an apply that %s leaves the intent open and the document as it was',
  async ([, apply]) => {
    const first = await openDesk({ definition: { apply } })
    const error = await rejection(first.order('o-1', btc))
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', effect: { id: 'o-1' } })
    expect(first.state.value).toEqual({ orders: {}, filled: 0 })
    expect(first.state.pending()).toHaveLength(1)
    const mended = await openDesk({ backend: first.backend, exchange: first.exchange })
    await expect(mended.state.recover()).resolves.toMatchObject([{ outcome: 'found' }])
    expect(mended.state.value.filled).toBe(1)
    expect(first.exchange.sent).toHaveLength(1)
  },
)

test('an answer that cannot be stored leaves the intent open, and the next call finds it', async () => {
  const { order, state, stored, exchange } = await openDesk()
  stored.answers.push(async (_change, land) => land(), failing())
  const error = await rejection(order('o-1', btc))
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', cause: { code: 'IO' } })
  expect([state.value.filled, state.pending().length]).toEqual([0, 1])
  await order('o-1', btc)
  expect([state.value.filled, exchange.sent.length, exchange.asked.length]).toEqual([1, 1, 1])
})

test('a run that takes too long is told by its signal and is no answer; what it gives later is not taken', async () => {
  const timers: (() => void)[] = []
  const after = (delayMs: number, run: () => void): (() => void) => {
    expect(delayMs).toBe(250)
    timers.push(run)
    return () => {}
  }
  const late = deferred<Fill>()
  let signal: AbortSignal | undefined
  const begun = deferred<undefined>()
  const { order, state } = await openDesk({
    after,
    definition: {
      timeoutMs: 250,
      run: (_input, context) => {
        signal = context.signal
        begun.resolve(undefined)
        return late.promise
      },
    },
  })
  const ordering = rejection(order('o-1', btc))
  await begun.promise
  expect(state.pending()).toMatchObject([{ state: 'running' }])
  must(timers[0])()
  expect(await ordering).toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    cause: { name: 'TimeoutError', message: 'no answer within 250 ms' },
  })
  expect(signal?.aborted).toBe(true)
  late.resolve({ status: 'filled', price: 1 })
  await late.promise
  await state.settled()
  expect(state.pending()).toMatchObject([{ state: 'unanswered' }])
})

test('a timer ends with its call and never keeps the process alive', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { order } = await openDesk()
  await order('o-1', btc)
  expect(vi.getTimerCount()).toBe(0)
})

test('a signal that is aborted before anything was done rejects with its reason and leaves no trace', async () => {
  const { order, stored, exchange } = await openDesk()
  const reason = new Error('changed my mind')
  await expect(order('o-1', btc, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect([stored.changes, exchange.sent]).toEqual([[], []])
})

test('a call that is aborted while it waits for others is never recorded', async () => {
  const gate = deferred<Fill>()
  const definition = { concurrency: 1, run: () => gate.promise }
  const { order, state } = await openDesk({ definition })
  const first = order('o-1', btc)
  const controller = new AbortController()
  const second = rejection(order('o-2', btc, { signal: controller.signal }))
  await state.settled()
  const reason = new Error('changed my mind')
  controller.abort(reason)
  expect(await second).toBe(reason)
  gate.resolve({ status: 'filled', price: 1 })
  await first
  expect(state.value.orders).toEqual({ 'o-1': 1 })
})

test('an intent whose call is aborted while it is being stored is taken back, and never sent', async () => {
  const { order, state, stored, exchange, backend } = await openDesk()
  const gate = held()
  stored.answers.push(gate.answer)
  const controller = new AbortController()
  const ordering = rejection(order('o-1', btc, { signal: controller.signal }))
  await gate.begun
  const reason = new Error('changed my mind')
  controller.abort(reason)
  gate.release()
  expect(await ordering).toBe(reason)
  expect([exchange.sent, state.pending()]).toEqual([[], []])
  const after = await openDesk({ backend })
  expect(after.state.pending()).toEqual([])
})

test('a call that is aborted while it runs leaves the intent open; its run is told', async () => {
  const signals: AbortSignal[] = []
  const begun = deferred<undefined>()
  const { order, state } = await openDesk({
    definition: {
      run: (_input, { signal }) => {
        signals.push(signal)
        begun.resolve(undefined)
        return new Promise(() => {})
      },
    },
  })
  const controller = new AbortController()
  const ordering = rejection(order('o-1', btc, { signal: controller.signal }))
  await begun.promise
  const reason = new Error('changed my mind')
  controller.abort(reason)
  expect(await ordering).toMatchObject({ code: 'OUTCOME_UNKNOWN', cause: reason })
  expect(must(signals[0]).reason).toBe(reason)
  expect(state.pending()).toMatchObject([{ state: 'unanswered' }])
})

test('who leaves a call that others wait for does not end it', async () => {
  const gate = deferred<Fill>()
  const begun = deferred<undefined>()
  const { order } = await openDesk({
    definition: {
      run: () => {
        begun.resolve(undefined)
        return gate.promise
      },
    },
  })
  const controller = new AbortController()
  const leaving = rejection(order('o-1', btc, { signal: controller.signal }))
  const staying = order('o-1', btc)
  await begun.promise
  controller.abort(new Error('changed my mind'))
  expect(await leaving).toMatchObject({ code: 'OUTCOME_UNKNOWN', effect: { id: 'o-1' } })
  gate.resolve({ status: 'filled', price: 1 })
  await expect(staying).resolves.toEqual({ status: 'filled', price: 1 })
})

test('a call that comes while everybody has left begins again when that has ended', async () => {
  const { order, stored, exchange } = await openDesk()
  const gate = held()
  stored.answers.push(gate.answer)
  const controller = new AbortController()
  const left = rejection(order('o-1', btc, { signal: controller.signal }))
  await gate.begun
  controller.abort(new Error('changed my mind'))
  const again = order('o-1', btc)
  gate.release()
  expect(await left).toEqual(new Error('changed my mind'))
  await expect(again).resolves.toMatchObject({ status: 'filled' })
  expect(exchange.sent).toHaveLength(1)
})

test('each step is told on the channel holdfast:effect', async () => {
  const steps: unknown[] = []
  const listen = (message: unknown): void => void steps.push(message)
  channel('holdfast:effect').subscribe(listen)
  onTestFinished(() => {
    channel('holdfast:effect').unsubscribe(listen)
  })
  const { order, exchange } = await openDesk()
  exchange.script.push('never arrives', 'answer is lost')
  await rejection(order('o-1', btc))
  await rejection(order('o-1', btc))
  await order('o-1', btc)
  const about = { state: 'bot', location: 'scripted:bot', durationMs: expect.any(Number) }
  const effect = { name: 'order', id: 'o-1', key: exchange.sent[0] }
  const told = (step: string, attempt: number, more = {}) => ({
    ...about,
    effect,
    step,
    attempt,
    ...more,
  })
  expect(steps).toEqual([
    told('intended', 1),
    told('run', 1),
    told('unanswered', 1, { error: new Error('connect ECONNREFUSED') }),
    told('absent', 1),
    told('run', 2),
    told('unanswered', 2, { error: new Error('socket hang up') }),
    told('found', 2),
    told('settled', 2),
  ])
})
