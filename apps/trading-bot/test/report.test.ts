import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { labelledLines } from '../src/labelled-lines.ts'
import { report } from '../src/report.ts'
import { runReport } from '../src/run-report.ts'
import { survives } from '../src/survives.ts'
import { initialTrading, type Fill, type Trading } from '../src/trading-state.ts'
import { tradingSettings } from './trading-settings.ts'

function fill(side: 'buy' | 'sell', pnl: string): Fill {
  const rest = { quantity: '1', price: '1', fee: '0', timeMs: 0 }
  return { orderId: `${side}-${pnl}`, symbol: 'ACME', side, pnl, ...rest }
}

const trading: Trading = {
  ...initialTrading(tradingSettings()),
  realizedPnl: '-1234.567',
  positions: { ACME: { quantity: '3.5', entryPrice: '20.25' } },
  fills: [
    fill('buy', '-1'),
    fill('sell', '5'),
    fill('buy', '-1'),
    fill('sell', '1'),
    fill('buy', '-1'),
  ],
  equityCurve: [
    [Date.parse('2000-01-03'), '1000'],
    [Date.parse('2000-01-04'), '1200'],
    [Date.parse('2000-01-05'), '900'],
    [Date.parse('2000-01-06'), '1100'],
  ],
}

function plain(lines: ReturnType<typeof report>): string[] {
  return stripVTControlCharacters(labelledLines(lines)).split('\n')
}

test('the report says what the trading came to', () => {
  expect(plain(report(trading))).toEqual([
    'Period        2000-01-03 to 2000-01-06, 4 candles',
    // Won: 5 - 1. Not won: 1 - 1.
    'Trades        2 closed, 50.00 % won, holds 3.5 ACME from 20.25',
    'Realized P&L  -1,234.57',
    'Final equity  1,100.00 from 1,000.00',
    'Return        +10.00 %',
    'Max drawdown  25.00 %, 2000-01-04 to 2000-01-05',
    'Equity        ▃█▁▆',
    '',
  ])
})

test('a state without a candle has a report too', () => {
  expect(plain(report(initialTrading(tradingSettings())))).toEqual([
    'Period        no candle is done yet',
    'Trades        0 closed',
    'Realized P&L  0.00',
    '',
  ])
})

test('the report of a run has its commits and their percentiles', () => {
  const commitsMs = Array.from({ length: 1000 }, (_, index) => (index + 1) / 100)
  expect(runReport({ commitsMs, elapsedMs: 5432, isStopped: false })).toEqual([
    ['Commits', '1,000 in this run, in 5.4 s'],
    ['Commit', 'p50 5.00 ms, p99 9.90 ms'],
  ])
  expect(runReport({ commitsMs: [], elapsedMs: 0, isStopped: false })).toEqual([
    ['Commits', 'none in this run'],
  ])
})

test('what a state survives is said as it is', () => {
  expect(survives('none')).toMatch(/^nothing/)
  expect(survives('process')).toMatch(/kill -9.*power cut may take/)
  expect(survives('power')).toMatch(/kill -9.*and a power cut/)
})
