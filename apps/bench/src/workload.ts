import { z } from 'zod'

const orderSchema = z.strictObject({
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: z.string(),
  price: z.string(),
  filled: z.string(),
  updatedAt: z.int(),
})

/** The document that every contender keeps: what a bot has in flight, orders by their id. */
export const ledgerSchema = z.strictObject({ orders: z.record(z.string(), orderSchema) })

/** A document of {@link ledgerSchema}. */
export type Ledger = z.output<typeof ledgerSchema>

const symbols = ['BTC', 'ETH', 'SPY', 'TSLA']
const startMs = Date.UTC(2026, 0, 1)

/** The id of the order at `index`. */
export function orderId(index: number): string {
  return `order-${String(index).padStart(8, '0')}`
}

/** The text that a contender which writes whole documents puts into its file. */
export function ledgerText(ledger: Ledger): string {
  return JSON.stringify(ledger, null, 2)
}

/** The smallest ledger whose text has at least `sizeBytes` bytes; always the same for a size. */
export function createLedger(sizeBytes: number): Ledger {
  const orders: Ledger['orders'] = {}
  // Around the orders: the empty text, plus two characters that the indentation adds once.
  const frame = ledgerText({ orders: {} }).length + 2
  let bytes = frame
  for (let index = 0; bytes < sizeBytes; index++) {
    const order: Ledger['orders'][string] = {
      symbol: symbols[index % symbols.length] ?? '',
      side: index % 2 === 0 ? 'buy' : 'sell',
      quantity: `${1 + (index % 90)}.50`,
      price: `${40_000 + index}.25`,
      filled: '0.00',
      updatedAt: startMs,
    }
    orders[orderId(index)] = order
    bytes += ledgerText({ orders: { [orderId(index)]: order } }).length - frame
  }
  return { orders }
}

/** What one operation does to the document: the `step`-th change of a run. */
export type Step = (ledger: Ledger, step: number) => void

/**
 * Makes the steps of a bot's day on a ledger such as `ledger`: each is a partial fill of one order,
 * two fields of the whole document. A step looks at no other order: listing them would cost what the
 * document costs, not what the change does.
 */
export function createFills(ledger: Ledger): Step {
  const ids = Object.keys(ledger.orders)
  return ({ orders }, step) => {
    const order = orders[ids[step % ids.length] ?? '']
    if (order === undefined) throw new TypeError(`the ledger has no order for step ${step}`)
    order.filled = `0.${String(step % 100).padStart(2, '0')}`
    order.updatedAt = startMs + step + 1
  }
}
