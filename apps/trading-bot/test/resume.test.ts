import { openStore } from 'holdfast'
import { expect, test } from 'vitest'
import { runBot } from '../src/bot.ts'
import { BotError } from '../src/bot-error.ts'
import { bundledCandles } from '../src/candles/bundled-candles.ts'
import { readCandles } from '../src/candles/read-candles.ts'
import { firstCandle } from '../src/first-candle.ts'
import { market } from '../src/market.ts'
import { settingsOf } from '../src/settings-of.ts'
import { tradingOptions } from '../src/trading-options.ts'
import { localLedger } from './local-ledger.ts'
import type { State, Store } from '@holdfast/core'
import type { Trading } from '../src/trading-state.ts'

const settings = settingsOf({ fast: 3, slow: 8 }, undefined)
const candles = (await readCandles(bundledCandles())).slice(0, 120)
const moments = market(candles, settings)
const pace = async (): Promise<void> => {}

function open(store: Store, name: string): Promise<State<Trading>> {
  return store.open(name, tradingOptions(settings))
}

/** Opens the state, trades until `most` candles are done or none is left, and closes it. */
async function live(store: Store, name: string, most: number): Promise<number> {
  await using state = await open(store, name)
  const names = { state: name, candles: 'the bundled candles' }
  const start = firstCandle(state.value.cursor, moments, names)
  const controller = new AbortController()
  let left = most
  const { commitsMs } = await runBot({
    ledger: localLedger(state, candles, settings),
    moments: moments.slice(start),
    pace,
    signal: controller.signal,
    onCandle() {
      left -= 1
      if (left === 0) controller.abort()
    },
  })
  return commitsMs.length
}

async function document(store: Store, name: string): Promise<unknown> {
  await using state = await open(store, name)
  return structuredClone({ version: state.version, value: state.value })
}

test('a run stopped after any number of candles ends as one that was never stopped', async () => {
  await using store = await openStore('memory:')
  await live(store, 'whole', Infinity)
  const whole = await document(store, 'whole')
  for (const most of [1, 2, 3, 7, 50, 119]) {
    const name = `stopped-${most}`
    while ((await live(store, name, most)) > 0);
    expect(await document(store, name)).toEqual(whole)
  }
})

test('there is one commit for each candle, and two for each order', async () => {
  await using store = await openStore('memory:')
  expect(await live(store, 'counted', Infinity)).toBe(moments.length)
  await using state = await open(store, 'counted')
  expect(state.value.fills.length).toBeGreaterThan(3)
  expect(state.version).toBe(moments.length + 2 * state.value.fills.length)
})

test('two bots on one state cannot both trade a candle', async () => {
  await using store = await openStore('memory:')
  await using one = await open(store, 'shared')
  await using other = await open(store, 'shared')
  const { signal } = new AbortController()
  const onCandle = (): void => {}
  const ledger = localLedger(other, candles, settings)
  const firstFive = { moments: moments.slice(0, 5), pace, signal, onCandle }
  await runBot({ ledger: localLedger(one, candles, settings), ...firstFive })
  const late = runBot({ ledger, ...firstFive })
  await expect(late).rejects.toThrow(BotError)
  await expect(late).rejects.toThrow(/state "shared" .*another bot traded on it/)
  await one.refresh()
  expect(one.version).toBe(5)
  expect(one.value.equityCurve).toHaveLength(5)
})
