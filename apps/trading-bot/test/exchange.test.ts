import { connect } from 'node:net'
import { openStore } from 'holdfast'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { candleExchange } from '../src/candle-exchange.ts'
import { NoAnswer } from '../src/exchange.ts'
import { BookedOrder } from '../src/exchange/booked-order.ts'
import { exchangeServer } from '../src/exchange/exchange-server.ts'
import { HttpExchange } from '../src/exchange/http-exchange.ts'
import { judge } from '../src/exchange/judge.ts'
import { misbehaviour, scripted, type Manner } from '../src/exchange/misbehaviour.ts'
import { OrderBook } from '../src/exchange/order-book.ts'
import { listen } from '../src/listen.ts'
import { candleSeries } from './candle-series.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import type { Order } from '../src/trading-state.ts'

const candles = candleSeries([
  [10, 20],
  [30, 30],
  [40, 40],
])
const [first, second, last] = candles.map(({ timeMs }) => timeMs)
const terms = { fee: '0.01', slippage: '0' }

function buy(placedAt = first ?? 0): Order {
  return { side: 'buy', symbol: 'ACME', spend: '1000', placedAt }
}

interface Bench {
  readonly url: string
  readonly client: HttpExchange
  readonly book: OrderBook
}

async function bench(manners: readonly Manner[] = [], refused = 0): Promise<Bench> {
  const store = await openStore('memory:')
  const fill = candleExchange(candles, terms)
  const book = await OrderBook.open(store, 'book', judge(fill, { seed: 1, fraction: refused }))
  const server = exchangeServer({ book, misbehaviour: scripted(manners), onRequest() {} })
  const url = await listen(server, 0)
  const client = new HttpExchange(url)
  onTestFinished(async () => {
    client.close()
    server.close()
    server.closeAllConnections()
    await store.close()
  })
  return { url, client, book }
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(body) })
}

const filled = {
  status: 'filled',
  quantity: '33.003',
  price: '30',
  worth: '990.09',
  fee: '9.9',
  timeMs: second,
}

test('an order is filled at the open of the candle after the one it was placed at', async () => {
  const { client } = await bench()
  expect(await client.place('a', buy())).toEqual(filled)
})

test('an order that comes again under its client order id is the same order', async () => {
  const { client, book } = await bench()
  const all = await Promise.all([client.place('a', buy()), client.place('a', buy())])
  expect([...all, await client.place('a', buy())]).toEqual([filled, filled, filled])
  expect(book.list()).toHaveLength(1)
})

test('another order under a client order id that is taken is refused with 409', async () => {
  const { url, client, book } = await bench()
  await client.place('a', buy())
  const answer = await post(url, { clientOrderId: 'a', order: buy(second) })
  expect([answer.status, await answer.json()]).toEqual([
    409,
    { error: 'a is the id of another order' },
  ])
  expect(book.list()).toMatchObject([{ order: buy() }])
})

test('an order is found by its client order id and one that never came is positively unknown', async () => {
  const { client } = await bench()
  await client.place('a', buy())
  expect(await client.find('a')).toEqual(filled)
  expect(await client.find('b')).toBeNull()
})

test('an order after the last candle is open and listed as such', async () => {
  const { url, client } = await bench()
  await expect(client.place('late', buy(last))).rejects.toThrow(/late is open/)
  await client.place('early', buy())
  const ids = async (query: string): Promise<string[]> => {
    const listed = await (await fetch(`${url}/orders${query}`)).json()
    const orders = z.array(BookedOrder).parse(listed)
    return orders.map(({ clientOrderId }) => clientOrderId)
  }
  expect(await ids('?status=open')).toEqual(['late'])
  expect(await ids('?status=filled')).toEqual(['early'])
  expect(await ids('')).toEqual(['late', 'early'])
})

test('an open order is filled when the exchange starts again with more candles', async () => {
  await using store = await openStore(`journal:${await temporaryDirectory()}`)
  const calm = { seed: 1, fraction: 0 }
  const few = await OrderBook.open(
    store,
    'book',
    judge(candleExchange(candles.slice(0, 1), terms), calm),
  )
  expect(await few.place('a', buy())).toMatchObject({ outcome: null })
  await few.close()
  const more = await OrderBook.open(store, 'book', judge(candleExchange(candles, terms), calm))
  expect(await more.find('a')).toMatchObject({ number: 1, outcome: filled })
})

test('a refusal is an answer, the same one whenever it is asked for, and uses the id up', async () => {
  const { client, book } = await bench([], 0.999_999)
  const refused = { status: 'refused', reason: 'the exchange is busy' }
  expect(await client.place('a', buy())).toEqual(refused)
  expect(await client.place('a', buy())).toEqual(refused)
  expect(await client.find('a')).toEqual(refused)
  expect(book.list('refused')).toHaveLength(1)
})

test.each(['silently', 'dropped'] as const)(
  'an order that is answered %s is taken, and no answer is an error of its own',
  async (manner) => {
    const { client } = await bench([manner])
    await expect(client.place('a', buy(), AbortSignal.timeout(100))).rejects.toThrow(NoAnswer)
    expect(await client.find('a')).toEqual(filled)
  },
)

test('an exchange that is down takes nothing', async () => {
  const { client, book } = await bench(['down', 'down'])
  await expect(client.place('a', buy())).rejects.toThrow(NoAnswer)
  await expect(client.find('a')).rejects.toThrow(NoAnswer)
  expect(book.list()).toEqual([])
  expect(await client.find('a')).toBeNull()
})

test('a second answer is never taken for the answer to the next request', async () => {
  const { client } = await bench(Array.from({ length: 40 }, () => 'twice'))
  const answers = new Set<unknown>()
  for (let index = 0; index < 20; index += 1) {
    for (const asked of [client.place(`order-${index}`, buy()), client.find(`never-${index}`)]) {
      const answer = await asked.catch((error: unknown) => error)
      answers.add(answer instanceof NoAnswer ? 'no answer' : JSON.stringify(answer))
    }
  }
  expect([...answers.difference(new Set(['no answer']))]).toEqual([JSON.stringify(filled), 'null'])
})

test('nobody there, and somebody who is no exchange, are no answers', async () => {
  const nobody = new HttpExchange('http://127.0.0.1:9')
  await expect(nobody.find('a')).rejects.toThrow(/no answer .*127\.0\.0\.1:9: ECONNREFUSED/)
})

test.each([
  ['no JSON', '{'],
  ['no order', '{"clientOrderId":"a"}'],
  ['an id that is none', JSON.stringify({ clientOrderId: '__proto__', order: buy() })],
  [
    'a spend that is no decimal',
    JSON.stringify({ clientOrderId: 'a', order: { ...buy(), spend: 1 } }),
  ],
  ['ten thousand bytes', ' '.repeat(10_001)],
])('a body that is %s is refused with 400, and nothing is booked', async (_, body) => {
  const { url, book } = await bench()
  const answer = await fetch(`${url}/orders`, { method: 'POST', body })
  expect(answer.status).toBe(400)
  expect(book.list()).toEqual([])
})

test.each(['/nothing', '/orders/a/b', '/orders/%E0%A4%A'])(
  '%s is answered with 404',
  async (path) => {
    const { url } = await bench()
    expect((await fetch(url + path)).status).toBe(404)
  },
)

test('a connection that says no HTTP does not stop the exchange', async () => {
  const { url, client } = await bench()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end('nonsense\r\n\r\n').resume()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(await client.place('a', buy())).toEqual(filled)
})

test('misbehaviour follows from its seed, and comes in every manner', () => {
  const manners = (seed: number): Manner[] => Array.from({ length: 400 }, misbehaviour(seed))
  expect(manners(7)).toEqual(manners(7))
  expect(manners(7)).not.toEqual(manners(8))
  expect(new Set(manners(7))).toEqual(new Set(['well', 'silently', 'dropped', 'twice', 'down']))
  expect(manners(7).join(' ')).toContain('down down down down')
})
