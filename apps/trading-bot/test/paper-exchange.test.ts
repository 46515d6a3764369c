import { Big } from 'big.js'
import { expect, test } from 'vitest'
import { executeOrder, type ExchangeTerms } from '../src/paper-exchange.ts'
import { candleSeries } from './candle-series.ts'
import type { Order } from '../src/trading-state.ts'

const free: ExchangeTerms = { fee: '0', slippage: '0' }

function execute(order: Order, open: number, terms: ExchangeTerms): Record<string, string> | null {
  const [candle] = candleSeries([[open, open]])
  const execution = candle === undefined ? null : executeOrder(order, candle, terms)
  if (execution === null) return null
  return Object.fromEntries(
    Object.entries(execution).map(([key, value]: [string, Big]) => [key, value.toFixed()]),
  )
}

function buy(spend: string): Order {
  return { side: 'buy', symbol: 'ACME', spend, placedAt: 0 }
}

function sell(quantity: string): Order {
  return { side: 'sell', symbol: 'ACME', quantity, placedAt: 0 }
}

test('a purchase takes what the money pays for, to four places and never more', () => {
  // 100 / 3 = 33.3333…
  expect(execute(buy('100'), 3, free)).toEqual({
    quantity: '33.3333',
    price: '3',
    worth: '100',
    fee: '0',
  })
})

test('the fee of a purchase comes out of the same money', () => {
  // 1000 / 1.01 = 990.09…; 990.09 / 30 = 33.003; fee 1 % of 990.09 = 9.90
  expect(execute(buy('1000'), 30, { fee: '0.01', slippage: '0' })).toEqual({
    quantity: '33.003',
    price: '30',
    worth: '990.09',
    fee: '9.9',
  })
})

test('slippage makes a purchase dearer and a sale cheaper', () => {
  const terms = { fee: '0', slippage: '0.1' }
  expect(execute(buy('110'), 10, terms)).toMatchObject({ price: '11', quantity: '10' })
  expect(execute(sell('10'), 10, terms)).toMatchObject({ price: '9', worth: '90' })
})

test('a sale brings the price times the quantity, and costs its fee', () => {
  expect(execute(sell('33.003'), 31, { fee: '0.01', slippage: '0' })).toEqual({
    quantity: '33.003',
    price: '31',
    worth: '1023.09',
    fee: '10.23',
  })
})

test('a purchase that cannot pay for the smallest share is void', () => {
  expect(execute(buy('0.01'), 1_000_000, free)).toBeNull()
  expect(execute(buy('0'), 1, free)).toBeNull()
})

test('no purchase costs more than it may spend, whatever price, fee and money', () => {
  for (const fee of ['0', '0.001', '0.0725', '0.333', '0.99']) {
    for (let step = 1; step <= 400; step += 1) {
      const spend = new Big(step * 7919).div(100)
      const execution = execute(buy(spend.toFixed()), 0.37 * step, { fee, slippage: '0.003' })
      const cost = new Big(execution?.['worth'] ?? 0).plus(execution?.['fee'] ?? 0)
      expect(cost.lte(spend), `at step ${step}, fee ${fee}`).toBe(true)
    }
  }
})
