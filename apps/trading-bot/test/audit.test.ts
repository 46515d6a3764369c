import { stripVTControlCharacters } from 'node:util'
import { Big } from 'big.js'
import { expect, test } from 'vitest'
import { applyOutcome } from '../src/apply-outcome.ts'
import { candleExchange } from '../src/candle-exchange.ts'
import { closeCandle } from '../src/close-candle.ts'
import { market } from '../src/market.ts'
import { audit, isRight } from '../src/show/audit.ts'
import { closingTable, tableText } from '../src/show/closing-table.ts'
import { initialTrading } from '../src/trading-state.ts'
import { candleSeries } from './candle-series.ts'
import { tradingSettings } from './trading-settings.ts'
import type { BookedOrder } from '../src/exchange/booked-order.ts'
import type { RunResult } from '../src/show/run-result.ts'

const candles = candleSeries([
  [10, 10],
  [10, 20],
  [30, 30],
  [31, 15],
  [31, 31],
  [32, 32],
])
const settings = tradingSettings()
const lastClose = new Big(32)

/** A run that was left alone: a purchase, a sale, a purchase. */
function run(): { trading: RunResult['trading'] & { cash: string }; booked: BookedOrder[] } {
  const trading = initialTrading(settings)
  const booked: BookedOrder[] = []
  const fill = candleExchange(candles, settings)
  for (const moment of market(candles, settings)) {
    for (const [id, order] of Object.entries(trading.openOrders)) {
      const outcome = fill(order)
      if (outcome !== null) applyOutcome(trading, id, order, outcome)
      booked.push({ clientOrderId: id, number: booked.length + 1, order, outcome })
    }
    closeCandle(trading, moment)
  }
  return { trading, booked }
}

const reference: RunResult = { ...run(), kills: 0, torn: 0 }
const referenceAudit = audit(reference, reference, lastClose)

test('the uninterrupted run is right, and state and exchange agree on what it came to', () => {
  expect(isRight(referenceAudit, referenceAudit)).toBe(true)
  expect(referenceAudit).toMatchObject({
    ordersAtExchange: 3,
    ordersInState: 3,
    doubled: 0,
    lost: 0,
  })
  expect(referenceAudit.exchangeEquity).toBe(referenceAudit.equity)
})

test('a run that was killed and came to the same is right', () => {
  const killed = audit({ ...run(), kills: 50, torn: 0 }, reference, lastClose)
  expect(isRight(killed, referenceAudit)).toBe(true)
})

test('an order that the exchange has twice is doubled, and moves what there really is', () => {
  const { trading, booked } = run()
  const [first] = booked
  const again = [...booked, { ...(first as BookedOrder), clientOrderId: 'again' }]
  const found = audit({ trading, booked: again, kills: 1, torn: 0 }, reference, lastClose)
  expect(found).toMatchObject({ doubled: 1, lost: 0, isSameState: true })
  // 33.003 more shares for 990.09 and 9.90, worth 1056.096 at 32; all shares are rounded together.
  expect(new Big(found.exchangeEquity).minus(found.equity).toFixed()).toBe('56.1')
  expect(isRight(found, referenceAudit)).toBe(false)
})

test.each([
  ['the state does not have', (one: ReturnType<typeof run>) => one.trading.fills.slice(1), 0],
  ['the exchange does not have', (one: ReturnType<typeof run>) => one.trading.fills, 1],
])('an order that %s is lost', (_, fills, dropped) => {
  const one = run()
  const trading = { ...one.trading, fills: fills(one) }
  const booked = one.booked.slice(dropped)
  const found = audit({ trading, booked, kills: 1, torn: 0 }, reference, lastClose)
  expect(found).toMatchObject({ doubled: 0, lost: 1 })
  expect(isRight(found, referenceAudit)).toBe(false)
})

test('an order that neither has, and the uninterrupted run does, is lost', () => {
  const one = run()
  const trading = { ...one.trading, fills: one.trading.fills.slice(1) }
  const found = audit(
    { trading, booked: one.booked.slice(1), kills: 1, torn: 0 },
    reference,
    lastClose,
  )
  expect(found).toMatchObject({ ordersAtExchange: 2, ordersInState: 2, lost: 1 })
})

test('a torn state, and a state that differs in a cent, are not right', () => {
  const torn = audit({ ...run(), kills: 1, torn: 1 }, reference, lastClose)
  expect(isRight(torn, referenceAudit)).toBe(false)
  const one = run()
  const trading = { ...one.trading, cash: new Big(one.trading.cash).plus('0.01').toFixed() }
  const found = audit({ trading, booked: one.booked, kills: 1, torn: 0 }, reference, lastClose)
  expect(isRight(found, referenceAudit)).toBe(false)
})

test('the table fits 80 columns, and marks what is wrong', () => {
  const wrong = {
    ...referenceAudit,
    kills: 200,
    equity: '-1234567.89',
    doubled: 3,
    isSameState: false,
  }
  const columns = [
    { title: 'holdfast', audit: { ...referenceAudit, kills: 200 } },
    { title: 'naive', audit: wrong },
  ]
  const lines = stripVTControlCharacters(tableText(closingTable(referenceAudit, columns))).split(
    '\n',
  )
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  const marked = lines.filter((line) => line.includes('✗'))
  expect(marked.map((line) => line.slice(0, 20).trim())).toEqual([
    'Final equity, by the',
    'Orders doubled',
    'State as uninterrupt',
  ])
  expect(lines[1]).toMatch(/^kill -9 +0 +200 +200$/)
})
