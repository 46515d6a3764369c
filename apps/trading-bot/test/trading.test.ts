import { Big } from 'big.js'
import { expect, test } from 'vitest'
import { bundledCandles } from '../src/candles/bundled-candles.ts'
import { readCandles } from '../src/candles/read-candles.ts'
import { applyOutcome } from '../src/apply-outcome.ts'
import { candleExchange } from '../src/candle-exchange.ts'
import { closeCandle } from '../src/close-candle.ts'
import { closedTrades } from '../src/closed-trades.ts'
import { drawdown } from '../src/drawdown.ts'
import { market } from '../src/market.ts'
import { settingsOf } from '../src/settings-of.ts'
import { initialTrading, type Trading } from '../src/trading-state.ts'
import { candleSeries } from './candle-series.ts'
import { tradingSettings } from './trading-settings.ts'
import type { Candle } from '../src/candles/candle.ts'
import type { Settings } from '../src/settings.ts'

function tradeAll(
  candles: readonly Candle[],
  settings: Settings,
  afterEach?: (trading: Trading) => void,
): Trading {
  const trading = initialTrading(settings)
  const fill = candleExchange(candles, settings)
  for (const moment of market(candles, settings)) {
    for (const [id, order] of Object.entries(trading.openOrders)) {
      const outcome = fill(order)
      if (outcome !== null) applyOutcome(trading, id, order, outcome)
    }
    closeCandle(trading, moment)
    afterEach?.(trading)
  }
  return trading
}

const day = (date: string): number => Date.parse(date)

// Averages of 1 and 2 closes: long after a rise, flat after a fall.
const rise = [
  [10, 10],
  [10, 20],
  [30, 30],
] as const
const fall = [31, 15] as const

test('what is decided at a close is filled at the next open and not before', () => {
  const trading = tradeAll(candleSeries(rise.slice(0, 2)), tradingSettings())
  expect(trading.fills).toEqual([])
  expect(trading.cash).toBe('1000')
  expect(trading.openOrders).toEqual({
    'ACME-000001-buy': {
      side: 'buy',
      symbol: 'ACME',
      spend: '1000',
      placedAt: day('2000-01-02'),
    },
  })
})

test('a filled purchase moves cash, position, P&L and equity by hand-checked amounts', () => {
  const trading = tradeAll(candleSeries(rise), tradingSettings())
  // 990.09 of 1000 buys 33.003 at 30, fee 9.90: 0.01 is left.
  expect(trading).toMatchObject({
    cash: '0.01',
    realizedPnl: '-9.9',
    positions: { ACME: { quantity: '33.003', entryPrice: '30' } },
    openOrders: {},
  })
  expect(trading.fills).toEqual([
    {
      orderId: 'ACME-000001-buy',
      symbol: 'ACME',
      side: 'buy',
      quantity: '33.003',
      price: '30',
      fee: '9.9',
      pnl: '-9.9',
      timeMs: day('2000-01-03'),
    },
  ])
  expect(trading.equityCurve.at(-1)).toEqual([day('2000-01-03'), '990.1'])
})

test('a sale realizes what it brought, less its fee and what the shares cost', () => {
  const trading = tradeAll(candleSeries([...rise, fall, [31, 31]]), tradingSettings())
  // 33.003 at 31 = 1023.09, fee 10.23: cash 0.01 + 1012.86; P&L -9.90 + 1023.09 - 10.23 - 990.09.
  expect(trading).toMatchObject({ cash: '1012.87', realizedPnl: '12.87', positions: {} })
  expect(trading.fills.at(-1)).toMatchObject({ side: 'sell', fee: '10.23', pnl: '22.77' })
})

test('the cursor names the last candle and the curve has a point for each', () => {
  const candles = candleSeries(rise)
  const trading = tradeAll(candles, tradingSettings())
  expect(trading.cursor).toMatchObject({ timeMs: day('2000-01-03'), position: { index: 2 } })
  expect(trading.equityCurve.map(([timeMs]) => timeMs)).toEqual(candles.map((one) => one.timeMs))
})

test('an order that cannot be afforded at the open goes away without a fill', () => {
  const trading = tradeAll(candleSeries(rise), tradingSettings({ startingCash: '0.01' }))
  expect(trading).toMatchObject({ cash: '0.01', fills: [], positions: {} })
})

test('a symbol that JavaScript knows as something else is a symbol', () => {
  const trading = tradeAll(candleSeries(rise), tradingSettings({ symbol: 'constructor' }))
  expect(Object.keys(trading.positions)).toEqual(['constructor'])
})

const bundled = await readCandles(bundledCandles())

test('the S&P 500 comes to what a separate calculation in another language says', () => {
  const trading = tradeAll(bundled, settingsOf({}, undefined))
  // Python's decimal module, the rules of paper-exchange.ts written down anew: 57 round trips, 26
  // won, cash 132870.00, maximum drawdown 0.3210809.
  const closed = closedTrades(trading.fills)
  expect(closed).toHaveLength(57)
  expect(closed.filter((pnl) => pnl.gt(0))).toHaveLength(26)
  expect(trading).toMatchObject({ cash: '132870', realizedPnl: '32870', positions: {} })
  expect(drawdown(trading.equityCurve).fraction.toFixed(7)).toBe('0.3210809')
})

test('over twenty years of the S&P 500 no cent appears or disappears', () => {
  const settings = tradingSettings({ fast: 20, slow: 50, fee: '0.001', startingCash: '100000' })
  let broken = 0
  const trading = tradeAll(bundled, settings, ({ cash, positions, realizedPnl }) => {
    const { quantity, entryPrice } = positions['ACME'] ?? { quantity: 0, entryPrice: 0 }
    const cost = new Big(quantity).times(entryPrice).round(2)
    const isBalanced = cost.plus(cash).eq(new Big(settings.startingCash).plus(realizedPnl))
    if (!isBalanced || new Big(cash).lt(0)) broken += 1
  })
  expect(broken).toBe(0)
  const ids = new Set(trading.fills.map((fill) => fill.orderId))
  expect(ids.size).toBe(trading.fills.length)
  const sum = trading.fills.reduce((total, fill) => total.plus(fill.pnl), new Big(0))
  expect(sum.toFixed()).toBe(trading.realizedPnl)
})
