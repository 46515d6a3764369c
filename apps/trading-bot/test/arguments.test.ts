import { expect, test } from 'vitest'
import { parseArguments } from '../src/arguments.ts'

test('without arguments everything has its default', () => {
  expect(parseArguments([])).toEqual({
    stateUrl: 'file:./state',
    name: 'trading',
    isFresh: false,
    isObserver: false,
    naiveFile: undefined,
    candles: undefined,
    speed: undefined,
    exchange: undefined,
    timeoutMs: 2000,
    patienceMs: 10_000,
    settings: {},
    isHelp: false,
  })
})

test('every option arrives where it belongs', () => {
  const argv =
    '--state memory: --name bot --fresh --candles c.csv --speed 2.5 --symbol BTC/USDT --fast 3 ' +
    '--slow 7 --cash 1000.50 --fee 0.002 --slippage 0.1 --debug --observe --naive n.json ' +
    '--exchange http://127.0.0.1:4000 --timeout 10 --patience 20'
  expect(parseArguments(argv.split(' '))).toEqual({
    stateUrl: 'memory:',
    name: 'bot',
    isFresh: true,
    isObserver: true,
    naiveFile: 'n.json',
    candles: 'c.csv',
    speed: 2.5,
    exchange: 'http://127.0.0.1:4000',
    timeoutMs: 10,
    patienceMs: 20,
    settings: {
      symbol: 'BTC/USDT',
      fast: 3,
      slow: 7,
      startingCash: '1000.5',
      fee: '0.002',
      slippage: '0.1',
    },
    isHelp: false,
  })
})

test('help has a short form', () => {
  expect(parseArguments(['-h']).isHelp).toBe(true)
})

test('the separator that pnpm hands on is not an argument', () => {
  expect(parseArguments(['--', '--fresh']).isFresh).toBe(true)
})

test.each([
  [['--colour'], /^Unknown option '--colour'\. --help lists the options\.$/],
  [['candles.csv'], /^Unexpected argument 'candles\.csv'/],
  [['--candles'], /^Option '--candles <value>' argument missing/],
  [['--fresh=yes'], /^Option '--fresh' does not take an argument/],
  [['--cash', '-5'], /^Option '--cash' argument is ambiguous/],
  [['--cash=-5'], /^--cash must be an amount above 0, in whole cents, not "-5"/],
  [['--cash', '0.001'], /^--cash must be an amount/],
  [['--cash', '1e999999'], /^--cash must be an amount/],
  [['--speed', '0'], /^--speed must be a number above 0, not "0"/],
  [['--speed', 'fast'], /^--speed must be a number above 0/],
  [['--fast', '0'], /^--fast must be a whole number from 1/],
  [['--slow', '2.5'], /^--slow must be a whole number/],
  [['--fee', '1'], /^--fee must be a fraction from 0 to below 1/],
  [['--symbol', '__proto__'], /^--symbol must be a symbol/],
  [['--state='], /^--state must not be empty/],
  [['--candles='], /^--candles must not be empty/],
  [['--exchange', 'https://example.org'], /^--exchange must be an http: URL/],
  [['--timeout', '1.5'], /^--timeout must be a whole number from 0/],
])('%j is refused in one sentence', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(message)
  expect(() => parseArguments(argv)).toThrow(/^[^\n]*--help lists the options\.$/)
})
