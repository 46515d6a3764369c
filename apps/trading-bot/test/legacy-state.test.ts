import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { migrateLegacyState } from '../src/legacy-state.ts'
import { initialTrading, Trading } from '../src/trading-state.ts'
import { tradingSettings } from './trading-settings.ts'

// As Python wrote it: test/data/older-bot/make_trading_state.py.
const file = new URL('data/older-bot/.trading_state.json', import.meta.url)
const legacy: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'))

function migrate(document: unknown): Trading {
  return Trading.parse(migrateLegacyState(document, tradingSettings()))
}

test('floats become the decimals that they were written as', () => {
  const { cash, realizedPnl, positions, fills } = migrate(legacy)
  expect({ cash, realizedPnl, positions }).toEqual({
    cash: '0.07617061157361604',
    realizedPnl: '-10461.77457938842',
    positions: { ACME: { quantity: '61.317', entryPrice: '1460.25' } },
  })
  expect(fills).toHaveLength(5)
  expect(fills[3]).toEqual({
    orderId: 'legacy-000003',
    symbol: 'ACME',
    side: 'sell',
    quantity: '63.186099999999996',
    price: '1419.890015',
    fee: '89.71731247679149',
    pnl: '-3106.2210946157934',
    timeMs: Date.parse('2000-07-31'),
  })
})

test('the starting cash is what the older bot began with', () => {
  expect(migrate(legacy).settings).toEqual({ ...tradingSettings(), startingCash: '100000' })
})

test('the cursor stands at the last date and knows no file yet', () => {
  expect(migrate(legacy).cursor).toEqual({ timeMs: Date.parse('2000-08-31'), position: null })
  expect(migrate({ ...legacy, last_date: '2000-08-31T16:00:00' }).cursor?.timeMs).toBe(
    Date.parse('2000-08-31'),
  )
})

test('an older bot that had done nothing begins at the beginning', () => {
  const { cursor, positions, cash } = migrate({ cash: 5000, last_date: null })
  expect({ cursor, positions, cash }).toEqual({ cursor: null, positions: {}, cash: '5000' })
})

test('a float in scientific notation becomes a plain decimal', () => {
  expect(migrate({ ...legacy, cash: 1e-7 }).cash).toBe('0.0000001')
})

test('a document that is ours already is left as it is', () => {
  const ours = initialTrading(tradingSettings())
  expect(migrateLegacyState(ours, tradingSettings())).toBe(ours)
})

test.each([
  ['no cash', { cash: undefined }, 'cash'],
  ['cash as text', { cash: '100' }, 'cash'],
  ['negative cash', { cash: -1 }, 'cash'],
  ['a position without a price', { entry_price: null }, 'entry_price'],
  ['a date that is none', { last_date: 'yesterday' }, 'last_date'],
  ['trades that are none', { trades: [{ date: '2000-01-01', side: 'hold' }] }, 'side'],
])('%s is refused by name', (_, change, name) => {
  expect(() => migrate({ ...legacy, ...change })).toThrow(name)
})

test.each([[null], [[]], ['text'], [{}]])('%j is no state of an older bot', (document) => {
  expect(() => migrate(document)).toThrow(/it is not an older bot's state/)
})
