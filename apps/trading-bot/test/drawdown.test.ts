import { expect, test } from 'vitest'
import { drawdown } from '../src/drawdown.ts'

function of(...equities: string[]): { fraction: string; from: number | null; to: number | null } {
  const { fraction, fromMs, toMs } = drawdown(equities.map((equity, index) => [index, equity]))
  return { fraction: fraction.toFixed(4), from: fromMs, to: toMs }
}

test('the drawdown is the deepest fall from the highest point before it', () => {
  // 120 to 90 is 25 %; the later 150 to 120 is only 20 %, though it is as much money.
  expect(of('100', '120', '90', '150', '120')).toEqual({ fraction: '0.2500', from: 1, to: 2 })
})

test('a later deeper fall takes the place of an earlier one', () => {
  expect(of('100', '90', '110', '55', '60')).toEqual({ fraction: '0.5000', from: 2, to: 3 })
})

test('a curve that never falls has none', () => {
  expect(of('1', '1', '2')).toEqual({ fraction: '0.0000', from: null, to: null })
  expect(of()).toEqual({ fraction: '0.0000', from: null, to: null })
})

test('a loss of everything is a drawdown of one', () => {
  expect(of('100', '0')).toEqual({ fraction: '1.0000', from: 0, to: 1 })
})

test('equity that was never above zero has none', () => {
  expect(of('0', '-1').fraction).toBe('0.0000')
})
