import { expect, test } from 'vitest'
import { closedTrades } from '../src/closed-trades.ts'

const fill = (side: 'buy' | 'sell', pnl: string, symbol = 'ACME') => ({ symbol, side, pnl })

function of(...fills: ReturnType<typeof fill>[]): string[] {
  return closedTrades(fills).map((pnl) => pnl.toFixed())
}

test('a closed trade earns its sale less the fee of its purchase', () => {
  expect(of(fill('buy', '-1.1'), fill('sell', '3.3'), fill('buy', '-1'))).toEqual(['2.2'])
})

test('the purchases of one symbol do not count for another', () => {
  expect(of(fill('buy', '-1'), fill('buy', '-5', 'EVIL'), fill('sell', '3'))).toEqual(['2'])
})

test('a sale whose purchase is not known stands alone', () => {
  expect(of(fill('sell', '3'), fill('buy', '-1'), fill('sell', '0.5'))).toEqual(['3', '-0.5'])
})
