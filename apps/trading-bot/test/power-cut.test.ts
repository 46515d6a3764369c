import { openStore, type BackendModule, type Store } from '@holdfast/core'
import { openJournalBackend } from '@holdfast/journal'
import { exploreCrashes, type CrashScenario, type SimulatedProcess } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runBot } from '../src/bot.ts'
import { candleExchange } from '../src/candle-exchange.ts'
import { firstCandle } from '../src/first-candle.ts'
import { HoldfastLedger } from '../src/holdfast-ledger.ts'
import { market } from '../src/market.ts'
import { tradingOptions } from '../src/trading-options.ts'
import { Order, Trading } from '../src/trading-state.ts'
import { candleSeries } from './candle-series.ts'
import { tradingSettings } from './trading-settings.ts'
import type { Exchange } from '../src/exchange.ts'

// Averages of 1 and 2 closes: a purchase filled at the third open, its sale at the fifth.
const candles = candleSeries([
  [10, 10],
  [10, 20],
  [30, 30],
  [31, 15],
  [31, 31],
])
const settings = tradingSettings()
const moments = market(candles, settings)
const fill = candleExchange(candles, settings)

/** What one life of the bot found, and what it left. */
interface Life {
  readonly candlesFound: number
  readonly trading: Trading
}

/** The journal on the disk of `process`. */
function storeOf(process: SimulatedProcess): Promise<Store> {
  const simulated: BackendModule = {
    name: 'simulated',
    schemes: ['simulated'],
    options: z.strictObject({}),
    fromUrl: () => ({}),
    open: () => openJournalBackend({ directory: '/state' }, process),
  }
  return openStore('simulated:', { backends: [simulated], environment: process.environment })
}

/** An exchange that no power cut reaches: what was once sent to it has been sent. */
function exchangeOf(process: SimulatedProcess): Exchange {
  const Sent = z.object({ id: z.string(), order: Order })
  return {
    async place(id, order) {
      process.begin(JSON.stringify({ id, order }))
      return fill(order) ?? expect.fail('there is a candle after each order')
    },
    async find(id) {
      const sent = process.operations.begun.filter((operation) => operation.startsWith('{'))
      const known = sent.map((text) => Sent.parse(JSON.parse(text))).find((one) => one.id === id)
      return known === undefined ? null : fill(known.order)
    },
  }
}

async function live(process: SimulatedProcess): Promise<Life> {
  await using store = await storeOf(process)
  await using state = await store.open('trading', tradingOptions(settings))
  const { cursor, equityCurve } = state.value
  const candlesFound = equityCurve.length
  const { signal } = new AbortController()
  const ledger = new HoldfastLedger({
    state,
    doneMs: cursor?.timeMs ?? null,
    exchange: exchangeOf(process),
    patience: { limitMs: 0, pauseMs: 0, signal },
    timeoutMs: 1000,
    report() {},
  })
  const names = { state: 'trading', candles: 'made up' }
  await runBot({
    ledger,
    moments: moments.slice(firstCandle(cursor, moments, names)),
    pace: async () => {},
    signal,
    onCandle: ({ index }) => process.acknowledge(`candle ${index} of ${process.instance.bootId}`),
  })
  return { candlesFound, trading: Trading.parse(structuredClone(state.value)) }
}

const scenario: CrashScenario<Life> = {
  async workload(process) {
    await live(process)
  },
  recover: live,
  check({ candlesFound, trading }, { begun, acknowledged }) {
    const orders = new Set(begun.filter((operation) => operation.startsWith('{')))
    expect([...orders].map((order) => JSON.parse(order).order.side)).toEqual(['buy', 'sell'])
    expect(trading.fills.map(({ side }) => side)).toEqual(['buy', 'sell'])
    expect(trading).toMatchObject({ cash: '1012.87', positions: {}, openOrders: {} })
    expect(trading.equityCurve).toHaveLength(candles.length)
    const first = acknowledged.filter((operation) => operation.endsWith('boot0001'))
    expect(candlesFound).toBeGreaterThanOrEqual(first.length)
  },
}

test('whenever the power fails, in the bot or in its recovery, each order is placed and recorded once', async () => {
  const report = await exploreCrashes(scenario, { cap: 60 })
  expect(report.failures).toEqual([])
  expect(report.unique).toBeGreaterThan(100)
})
