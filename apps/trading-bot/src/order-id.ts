import type { Order } from './trading-state.ts'

/** What the bot calls an order: the same for the same candle, whenever and however often it is decided. */
export function orderId(symbol: string, index: number, side: Order['side']): string {
  return `${symbol}-${String(index).padStart(6, '0')}-${side}`
}

/** How often one order is tried: the first time, and again after a refusal. */
const mostAttempts = 5

/** The id under which a refused order is tried again; null when it was tried often enough. */
export function nextAttemptId(id: string): string | null {
  const [, first = id, attempt = '1'] = /^(.*)\.(\d+)$/.exec(id) ?? []
  const next = Number(attempt) + 1
  return next > mostAttempts ? null : `${first}.${next}`
}
