import { Big } from 'big.js'

/** What a fill must tell to be part of a trade. */
export interface TradeFill {
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly pnl: string
}

/**
 * What each closed trade earned, all fees paid, oldest first: a sale, with the purchases of the same
 * symbol before it.
 */
export function closedTrades(fills: readonly TradeFill[]): Big[] {
  const open = new Map<string, Big>()
  const closed: Big[] = []
  for (const { symbol, side, pnl } of fills) {
    const total = (open.get(symbol) ?? new Big(0)).plus(pnl)
    open.set(symbol, side === 'buy' ? total : new Big(0))
    if (side === 'sell') closed.push(total)
  }
  return closed
}
