import { expect, test } from 'vitest'
import { HoldfastError } from '../../src/index.ts'
import { deferred } from '../support/deferred.ts'
import { Exchange, type Fill } from '../support/exchange.ts'
import { must } from '../support/must.ts'
import { openDesk, orderDefinition } from '../support/open-desk.ts'
import { held, ScriptedBackend } from '../support/scripted-backend.ts'

const btc = { symbol: 'BTC', price: 64_000 }

/** The places of a process that died over orders: each with what the exchange did to it. */
async function leftOpen(
  ...mishaps: ('never arrives' | 'answer is lost')[]
): Promise<{ backend: ScriptedBackend; exchange: Exchange }> {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const { order } = await openDesk(places)
  places.exchange.script.push(...mishaps)
  await Promise.allSettled(mishaps.map((_, index) => order(`o-${index}`, btc)))
  return places
}

test('recover settles what is found, repeats what is absent, and leaves open what has no answer', async () => {
  const places = await leftOpen('answer is lost', 'never arrives', 'never arrives')
  const { exchange } = places
  const find = (key: string) => (key === exchange.sent[2] ? 'unknown' : exchange.find(key))
  const { state } = await openDesk({ ...places, definition: { find } })
  expect(await state.recover()).toEqual([
    { name: 'order', id: 'o-0', key: exchange.sent[0], outcome: 'found' },
    { name: 'order', id: 'o-1', key: exchange.sent[1], outcome: 'repeated' },
    {
      name: 'order',
      id: 'o-2',
      key: exchange.sent[2],
      outcome: 'open',
      error: expect.objectContaining({ code: 'OUTCOME_UNKNOWN' }),
    },
  ])
  expect(state.value.orders).toEqual({ 'o-0': 64_000, 'o-1': 64_000 })
  expect(state.pending().map(({ id }) => id)).toEqual(['o-2'])
  expect([exchange.sent.length, exchange.fills.size]).toEqual([4, 2])
})

test('recover reports an effect that the program does not define, and never drops it', async () => {
  const places = await leftOpen('answer is lost')
  const { state, exchange } = await openDesk(places)
  exchange.script.push('answer is lost')
  const cancel = state.effect('cancel', orderDefinition(exchange))
  await cancel('c-1', btc).catch(() => {})
  const { state: after } = await openDesk(places)
  expect((await after.recover()).map(({ name, outcome }) => [name, outcome])).toEqual([
    ['order', 'found'],
    ['cancel', 'no-definition'],
  ])
  expect(after.pending()).toMatchObject([{ name: 'cancel', id: 'c-1', state: 'unanswered' }])
})

test('recover keeps to the concurrency of the effect', async () => {
  const places = await leftOpen('never arrives', 'never arrives', 'never arrives')
  let running = 0
  let most = 0
  const find = async (key: string) => {
    most = Math.max(most, ++running)
    const finding = await places.exchange.find(key)
    running--
    return finding
  }
  const { state } = await openDesk({ ...places, definition: { find, concurrency: 2 } })
  expect(await state.recover()).toHaveLength(3)
  expect(most).toBe(2)
})

test('recover and calls of the same id are one: it is asked for and sent once', async () => {
  const places = await leftOpen('never arrives')
  const { state, order, exchange } = await openDesk(places)
  const [recovered, again, result] = await Promise.all([
    state.recover(),
    state.recover(),
    order('o-0', btc),
  ])
  expect([recovered.length, again.length, result.status]).toEqual([1, 1, 'filled'])
  expect([exchange.sent.length, exchange.asked.length]).toEqual([2, 1])
})

test('recover waits for what this process has under way, and does not ask for it', async () => {
  const gate = deferred<Fill>()
  const begun = deferred<undefined>()
  const { state, order, exchange } = await openDesk({
    definition: {
      run: () => {
        begun.resolve(undefined)
        return gate.promise
      },
    },
  })
  const ordering = order('o-1', btc)
  await begun.promise
  const recovering = state.recover()
  await state.refresh()
  gate.resolve({ status: 'filled', price: 1 })
  await ordering
  expect(await recovering).toMatchObject([{ id: 'o-1', outcome: 'settled' }])
  expect(exchange.asked).toEqual([])
})

test('of two processes that recover one intent at once, one sends it, and both come to its result', async () => {
  const places = await leftOpen('never arrives')
  const asked = [deferred<undefined>(), deferred<undefined>()]
  const findTogether = (index: number) => async (key: string) => {
    must(asked[index]).resolve(undefined)
    await Promise.all(asked.map(({ promise }) => promise))
    return places.exchange.find(key)
  }
  const first = await openDesk({ ...places, definition: { find: findTogether(0) } })
  const second = await openDesk({ ...places, definition: { find: findTogether(1) } })
  const rows = await Promise.all([first.state.recover(), second.state.recover()])
  expect(
    rows
      .flat()
      .map(({ outcome }) => outcome)
      .toSorted(),
  ).toEqual(['open', 'repeated'])
  expect(places.exchange.sent).toHaveLength(2)
  for (const { state, order } of [first, second]) {
    await expect(order('o-0', btc)).resolves.toMatchObject({ status: 'filled' })
    expect(state.value.filled).toBe(1)
    expect(state.pending()).toEqual([])
  }
  expect([places.exchange.sent.length, places.exchange.fills.size]).toEqual([2, 1])
})

test('two processes that find the same answer apply it once', async () => {
  const places = await leftOpen('answer is lost')
  const first = await openDesk(places)
  const second = await openDesk(places)
  const rows = await Promise.all([first.state.recover(), second.state.recover()])
  expect(
    rows
      .flat()
      .map(({ outcome }) => outcome)
      .toSorted(),
  ).toEqual(['found', 'settled'])
  expect(places.backend.state().document).toMatchObject({ filled: 1 })
})

test('two processes that are called with the same new id send it once', async () => {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const first = await openDesk(places)
  const second = await openDesk(places)
  const gate = held()
  first.stored.answers.push(gate.answer)
  const late = first.order('o-1', btc)
  await gate.begun
  await second.order('o-1', btc)
  gate.release()
  await expect(late).resolves.toMatchObject({ status: 'filled' })
  await expect(second.order('o-2', btc)).resolves.toMatchObject({ status: 'filled' })
  expect([places.exchange.sent.length, places.exchange.asked.length]).toEqual([2, 0])
  expect(first.state.value.filled).toBe(1)
})

test('an intent that another process has taken on is not taken back', async () => {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const first = await openDesk(places)
  const stored = deferred<undefined>()
  const told = deferred<undefined>()
  first.stored.answers.push(async (_change, land) => {
    const result = land()
    stored.resolve(undefined)
    await told.promise
    return result
  })
  const controller = new AbortController()
  const ordering = first.order('o-1', btc, { signal: controller.signal })
  await stored.promise
  places.exchange.script.push('answer is lost')
  const second = await openDesk(places)
  await second.state.recover()
  controller.abort(new Error('changed my mind'))
  told.resolve(undefined)
  await expect(ordering).rejects.toThrow('changed my mind')
  await expect(second.state.recover()).resolves.toMatchObject([{ outcome: 'found' }])
})

test('an intent that another process made with another input is not sent', async () => {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const first = await openDesk(places)
  const second = await openDesk(places)
  await second.order('o-1', btc)
  await expect(first.order('o-1', { ...btc, price: 1 })).rejects.toMatchObject({ code: 'INVALID' })
  expect(places.exchange.sent).toHaveLength(1)
})

test('an intent that is taken back while it is asked for is not sent, and is no row', async () => {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const first = await openDesk(places)
  const stored = deferred<undefined>()
  const told = deferred<undefined>()
  first.stored.answers.push(async (_change, land) => {
    const result = land()
    stored.resolve(undefined)
    await told.promise
    return result
  })
  const controller = new AbortController()
  const ordering = first.order('o-1', btc, { signal: controller.signal })
  await stored.promise
  const asked = deferred<undefined>()
  const answer = deferred<'absent'>()
  const find = (): Promise<'absent'> => {
    asked.resolve(undefined)
    return answer.promise
  }
  const second = await openDesk({ ...places, definition: { find } })
  const recovering = second.state.recover()
  await asked.promise
  controller.abort(new Error('changed my mind'))
  told.resolve(undefined)
  await expect(ordering).rejects.toThrow('changed my mind')
  answer.resolve('absent')
  expect(await recovering).toEqual([])
  expect([second.state.pending(), places.exchange.sent]).toEqual([[], []])
})

test('an answer that is in place although its commit failed afterwards is a settled one', async () => {
  const places = await leftOpen('answer is lost')
  const { state, stored } = await openDesk(places)
  stored.answers.push(async (_change, land) => {
    land()
    throw new HoldfastError('IO', 'the folder was not flushed', { committed: true })
  })
  await expect(state.recover()).resolves.toMatchObject([{ id: 'o-0', outcome: 'settled' }])
  expect([state.value.filled, state.pending()]).toEqual([1, []])
})

test('recover takes up what a call leaves at this very moment, when that has ended', async () => {
  const asked = deferred<undefined>()
  const { state, order, exchange } = await openDesk({
    definition: {
      run: ({ price }, { key }) => {
        void exchange.place(key, price)
        asked.resolve(undefined)
        return new Promise(() => {})
      },
    },
  })
  const controller = new AbortController()
  const ordering = order('o-1', btc, { signal: controller.signal })
  await asked.promise
  const leaving = state.refresh().then(() => controller.abort(new Error('changed my mind')))
  const recovering = state.recover()
  await leaving
  await expect(ordering).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  await expect(recovering).resolves.toMatchObject([{ id: 'o-1', outcome: 'found' }])
})

test('recover ends with its signal, and what it was at stays open', async () => {
  const places = await leftOpen('never arrives')
  const asked = deferred<undefined>()
  const find = (): Promise<never> => {
    asked.resolve(undefined)
    return new Promise(() => {})
  }
  const { state } = await openDesk({ ...places, definition: { find } })
  const controller = new AbortController()
  const recovering = state.recover({ signal: controller.signal })
  await asked.promise
  controller.abort(new Error('shutting down'))
  await expect(recovering).rejects.toThrow('shutting down')
  expect(state.pending()).toMatchObject([{ state: 'unanswered' }])
  const aborted = { signal: AbortSignal.abort(new Error('too late')) }
  await expect(state.recover(aborted)).rejects.toThrow('too late')
})

test('close waits for what was sent and records it, refuses what waits, and sends nothing any more', async () => {
  const gate = deferred<Fill>()
  const begun = deferred<undefined>()
  const { state, order, stored } = await openDesk({
    definition: {
      concurrency: 1,
      run: () => {
        begun.resolve(undefined)
        return gate.promise
      },
    },
  })
  const sent = order('o-1', btc)
  const waiting = order('o-2', btc).catch((error: unknown) => error)
  await begun.promise
  const closing = state.close()
  const late = order('o-3', btc).catch((error: unknown) => error)
  expect(await waiting).toMatchObject({ code: 'CLOSED', effect: undefined })
  expect(await late).toMatchObject({ code: 'CLOSED' })
  expect(stored.calls).not.toContain('close')
  gate.resolve({ status: 'filled', price: 1 })
  await closing
  await expect(sent).resolves.toMatchObject({ status: 'filled' })
  expect(stored.document).toMatchObject({ orders: { 'o-1': 1 }, filled: 1 })
  await expect(state.recover()).rejects.toMatchObject({ code: 'CLOSED' })
  expect(() => state.effect('x', orderDefinition(new Exchange()))).toThrow(
    expect.objectContaining({ code: 'CLOSED' }),
  )
})

test('what is found absent while the state is being closed is not sent again', async () => {
  const places = await leftOpen('never arrives')
  const asked = deferred<undefined>()
  const answer = deferred<'absent'>()
  const find = (): Promise<'absent'> => {
    asked.resolve(undefined)
    return answer.promise
  }
  const { state, exchange } = await openDesk({ ...places, definition: { find } })
  const recovering = state.recover()
  await asked.promise
  const closing = state.close()
  answer.resolve('absent')
  await closing
  await expect(recovering).resolves.toMatchObject([{ outcome: 'open' }])
  expect(exchange.sent).toHaveLength(1)
})

test('a recovery that has only begun to read when the state is closed asks nobody', async () => {
  const places = await leftOpen('never arrives')
  const { state, exchange } = await openDesk(places)
  const recovering = state.recover()
  const closing = state.close()
  await expect(recovering).rejects.toMatchObject({ code: 'CLOSED' })
  await closing
  expect(exchange.asked).toEqual([])
})

test('a state that was taken over sends nothing and ends what it is sending', async () => {
  const ownership = new AbortController()
  const backend = new ScriptedBackend()
  const open = backend.open.bind(backend)
  backend.open = async (name) => Object.assign(await open(name), { signal: ownership.signal })
  const begun = deferred<AbortSignal>()
  const { order, state } = await openDesk({
    backend,
    definition: {
      run: (_input, { signal }) => {
        begun.resolve(signal)
        return new Promise(() => {})
      },
    },
  })
  const sending = order('o-1', btc).catch((error: unknown) => error)
  const signal = await begun.promise
  const reason = new Error('taken over')
  ownership.abort(reason)
  expect(await sending).toMatchObject({ code: 'OUTCOME_UNKNOWN', cause: reason })
  expect(signal.reason).toBe(reason)
  await expect(order('o-2', btc)).rejects.toMatchObject({ cause: reason })
  expect(state.pending()).toHaveLength(2)
})
