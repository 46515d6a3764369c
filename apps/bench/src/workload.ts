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

type Order = Ledger['orders'][string]

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
    const order = createOrder(index)
    orders[orderId(index)] = order
    bytes += ledgerText({ orders: { [orderId(index)]: order } }).length - frame
  }
  return { orders }
}

/** A ledger of `count` orders. */
export function ledgerOfOrders(count: number): Ledger {
  const orders: Ledger['orders'] = {}
  for (let index = 0; index < count; index++) orders[orderId(index)] = createOrder(index)
  return { orders }
}

function createOrder(index: number): Order {
  return {
    symbol: symbols[index % symbols.length] ?? '',
    side: index % 2 === 0 ? 'buy' : 'sell',
    quantity: `${1 + (index % 90)}.50`,
    price: `${40_000 + index}.25`,
    filled: '0.00',
    updatedAt: startMs,
  }
}

/** A change as a journal writes it down. */
type Patch = Readonly<Record<'op' | 'path', string> & { value?: unknown }>

/** What is done to a ledger, step by step. */
export interface Workload {
  /** Makes the `step`-th change to `ledger`. It looks at no other order than the one it changes. */
  change(ledger: Ledger, step: number): void
  /** The same change, as patches. */
  patches(step: number): readonly Patch[]
}

/**
 * A bot's day on a ledger such as `ledger`: each step is a partial fill of one order, two fields of
 * the whole document.
 */
export function createFills(ledger: Ledger): Workload {
  const ids = Object.keys(ledger.orders)
  const idAt = (step: number) => ids[step % ids.length] ?? ''
  return {
    change({ orders }, step) {
      const order = orders[idAt(step)]
      if (order === undefined) throw new TypeError(`the ledger has no order for step ${step}`)
      order.filled = filledAt(step)
      order.updatedAt = startMs + step + 1
    },
    patches: (step) => [
      { op: 'replace', path: `/orders/${idAt(step)}/filled`, value: filledAt(step) },
      { op: 'replace', path: `/orders/${idAt(step)}/updatedAt`, value: startMs + step + 1 },
    ],
  }
}

function filledAt(step: number): string {
  return `0.${String(step % 100).padStart(2, '0')}`
}

/** Orders that come and go: an even step adds one to a ledger such as `ledger`, the next removes it. */
export function createArrivals(ledger: Ledger): Workload {
  const known = Object.keys(ledger.orders).length
  const indexAt = (step: number) => known + Math.floor(step / 2)
  return {
    change({ orders }, step) {
      const index = indexAt(step)
      if (step % 2 === 0) orders[orderId(index)] = createOrder(index)
      else delete orders[orderId(index)]
    },
    patches(step) {
      const index = indexAt(step)
      const path = `/orders/${orderId(index)}`
      return step % 2 === 0
        ? [{ op: 'add', path, value: createOrder(index) }]
        : [{ op: 'remove', path }]
    },
  }
}
