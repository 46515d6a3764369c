import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store } from 'holdfast'
import { describe, expect, onTestFinished, test } from 'vitest'
import { candleExchange } from '../src/candle-exchange.ts'
import { exchangeServer } from '../src/exchange/exchange-server.ts'
import { scripted, type Manner } from '../src/exchange/misbehaviour.ts'
import { OrderBook } from '../src/exchange/order-book.ts'
import { listen } from '../src/listen.ts'
import { readBook, readTrading } from '../src/show/read-result.ts'
import { candleSeries } from './candle-series.ts'
import { startProcess } from './child-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { tradingSettings } from './trading-settings.ts'

// Averages of 1 and 2 closes: one purchase, decided at the second candle, filled at the third's open.
const candles = candleSeries([
  [10, 10],
  [10, 20],
  [30, 30],
  [31, 31],
])
const settings = tradingSettings()
const settingArgs = '--symbol ACME --fast 1 --slow 2 --fee 0.01 --cash 1000'.split(' ')
const fill = candleExchange(candles, settings)

const botPoints = [
  'the order is decided, no intent is recorded',
  'the intent is recorded, nothing is sent',
  'the answer has come, nothing is recorded',
  'the outcome is recorded, the candle is not',
]
const manners: readonly Manner[] = ['well', 'silently', 'dropped', 'twice', 'down']
const exchangePoints = [
  'the order has come, nothing is booked',
  'the order is booked, nothing is answered',
  'the order is answered',
]

interface Place {
  readonly file: string
  readonly bot: string
  readonly exchange: string
}

async function place(): Promise<Place> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'candles.json')
  const rows = candles.map(({ timeMs, open, high, low, close }) => [
    timeMs,
    ...[open, high, low, close].map(Number),
    0,
  ])
  await writeFile(file, JSON.stringify(rows))
  return { file, bot: `journal:${directory}/bot`, exchange: `journal:${directory}/exchange` }
}

function botArgs({ file, bot }: Place, exchangeUrl: string): string[] {
  const own = ['--state', bot, '--candles', file, '--exchange', exchangeUrl, '--timeout', '250']
  return [...own, ...settingArgs]
}

async function finishBot(at: Place, exchangeUrl: string): Promise<void> {
  const { end } = startProcess('src/main.ts', ['bot', ...botArgs(at, exchangeUrl)])
  expect(await end).toEqual({ exitCode: 0, killedBy: null, stderr: '' })
}

/** The exchange has the order once, and the state has what came of it once. */
async function expectOnce(at: Place): Promise<void> {
  const booked = await readBook(at.exchange)
  expect(booked.map(({ order }) => order.side)).toEqual(['buy'])
  const trading = await readTrading(at.bot, 'trading', settings)
  expect(trading.fills.map(({ orderId }) => orderId)).toEqual(['ACME-000001-buy'])
  // 990.09 of 1000 buys 33.003 at 30, fee 9.90: 0.01 is left; at 31 that is 1023.10.
  expect(trading).toMatchObject({
    cash: '0.01',
    openOrders: {},
    positions: { ACME: { quantity: '33.003', entryPrice: '30' } },
  })
  expect(trading.equityCurve.map(([, equity]) => equity)).toEqual([
    '1000',
    '1000',
    '990.1',
    '1023.1',
  ])
  await using store = await openStore(at.bot)
  expect(await openIntents(store)).toEqual([])
}

async function openIntents(store: Store): Promise<unknown[]> {
  const { tradingOptions } = await import('../src/trading-options.ts')
  await using state = await store.open('trading', tradingOptions(settings))
  return state.pending()
}

/** An exchange in this process, whose answer to the bot's second request is the first of `manners`. */
async function exchange(at: Place, manner: Manner): Promise<string> {
  const store = await openStore(at.exchange)
  const book = await OrderBook.open(store, 'exchange', fill)
  const misbehaviour = scripted(['well', manner, ...(manner === 'down' ? [manner] : [])])
  const server = exchangeServer({ book, misbehaviour, onRequest() {} })
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await store.close()
  })
  return listen(server, 0)
}

describe.each(manners)('when the exchange answers an order %s', (manner) => {
  test.each(botPoints)('a bot killed when %s has it done once', async (point) => {
    const at = await place()
    const url = await exchange(at, manner)
    const args = [point, ...botArgs(at, url)]
    const { killedBy, stderr } = await startProcess('test/children/dying-bot.ts', args).end
    expect({ killedBy, stderr }).toEqual({ killedBy: 'SIGKILL', stderr: '' })
    await finishBot(at, url)
    await expectOnce(at)
  })
})

test.each(['silently', 'dropped', 'down'] as const)(
  'a bot killed when an order was answered %s has it done once',
  async (manner) => {
    const at = await place()
    const url = await exchange(at, manner)
    const args = ['there was no answer', ...botArgs(at, url)]
    const { killedBy } = await startProcess('test/children/dying-bot.ts', args).end
    expect(killedBy).toBe('SIGKILL')
    await finishBot(at, url)
    await expectOnce(at)
  },
)

test.each(manners)(
  'a bot that lives has an order done once when it is answered %s',
  async (manner) => {
    const at = await place()
    await finishBot(at, await exchange(at, manner))
    await expectOnce(at)
  },
)

describe.each(exchangePoints)('when the exchange is killed as %s', (point) => {
  test.each(['lives', 'is killed too'])('a bot that %s has it done once', async (botFate) => {
    const at = await place()
    const args = [point, at.exchange, at.file]
    const dying = startProcess('test/children/dying-exchange.ts', args)
    const url = String(await dying.message())
    const bot = startProcess('src/main.ts', ['bot', ...botArgs(at, url)])
    expect(await dying.end).toMatchObject({ killedBy: 'SIGKILL', stderr: '' })
    if (botFate === 'is killed too') bot.child.kill('SIGKILL')
    const { port } = new URL(url)
    const own = ['--state', at.exchange, '--candles', at.file, '--port', port, '--fee', '0.01']
    const again = startProcess('src/main.ts', ['exchange', ...own])
    await again.message()
    const killed = { exitCode: null, killedBy: 'SIGKILL', stderr: '' }
    const lived = { exitCode: 0, killedBy: null, stderr: '' }
    expect(await bot.end).toEqual(botFate === 'lives' ? lived : killed)
    // Where it lived it has nothing left to do.
    await finishBot(at, url)
    again.child.kill('SIGTERM')
    expect(await again.end).toMatchObject({ exitCode: 143 })
    await expectOnce(at)
  })
})
