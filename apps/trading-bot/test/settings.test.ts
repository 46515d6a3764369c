import { expect, test } from 'vitest'
import { checkSettings } from '../src/check-settings.ts'
import { settingsOf } from '../src/settings-of.ts'
import { tradingSettings } from './trading-settings.ts'

test('what is not asked for has a default', () => {
  expect(settingsOf({}, undefined)).toEqual({
    symbol: 'SPX',
    fast: 20,
    slow: 50,
    fee: '0.001',
    slippage: '0',
    startingCash: '100000',
  })
})

test('the symbol of a file is its name where that can be one', () => {
  expect(settingsOf({}, '/data/BTC_USDT-1d.json').symbol).toBe('BTC_USDT-1d')
  expect(settingsOf({}, '/data/__proto__.csv').symbol).toBe('ASSET')
  expect(settingsOf({ symbol: 'ETH' }, '/data/x.csv').symbol).toBe('ETH')
})

test('a fast average that is not faster than the slow one is refused', () => {
  expect(() => settingsOf({ fast: 50 }, undefined)).toThrow(
    /--fast \(50\) must be below --slow \(50\)/,
  )
})

test('a state goes on with its own settings, and with the same ones asked for again', () => {
  expect(() => checkSettings({}, tradingSettings(), 'state x')).not.toThrow()
  const same = { ...tradingSettings(), fee: '0.010' }
  expect(() => checkSettings(same, tradingSettings(), 'state x')).not.toThrow()
})

test.each([
  [{ symbol: 'EVIL' }, /--symbol ACME, not EVIL/],
  [{ fast: 3 }, /--fast 1, not 3/],
  [{ slow: 3 }, /--slow 2, not 3/],
  [{ fee: '0' }, /--fee 0\.01, not 0/],
  [{ slippage: '0.1' }, /--slippage 0, not 0\.1/],
  [{ startingCash: '5' }, /--cash 1000, not 5/],
])('a state is not continued with other settings: %j', (asked, message) => {
  expect(() => checkSettings(asked, tradingSettings(), 'state x')).toThrow(message)
  expect(() => checkSettings(asked, tradingSettings(), 'state x')).toThrow(/^state x .*--fresh/)
})
