import { z } from 'zod'
import { bigintText } from '../../src/codecs.ts'
import { LiveDocument } from '../../src/live-document.ts'

// What one update costs in memory, before any backend: recording, scoped validation, encoding.
// Run it by `pnpm --filter @holdfast/core measure`.

const order = z.object({ symbol: z.string(), price: z.number(), filled: bigintText })
const orders = z.object({ orders: z.record(z.string(), order), cash: z.number() })
const checked = orders.refine(({ cash }) => cash >= 0)

interface Draft {
  orders: Record<string, { price: number; filled: bigint }>
  cash: number
}

function documentOf(schema: z.ZodType, count: number): LiveDocument {
  const entries = Array.from({ length: count }, (_, index) => {
    return [`order-${index}`, { symbol: 'BTC/USDT', price: index, filled: '1' }] as const
  })
  const document = new LiveDocument(schema)
  document.load({ orders: Object.fromEntries(entries), cash: 0 }, 1)
  return document
}

/** The median, in microseconds, of an update that changes two fields of one order. */
function medianUs(document: LiveDocument, count: number, rounds: number): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const name = `order-${(round * 7919) % count}`
    const start = process.hrtime.bigint()
    document.change((draft) => {
      const { orders: open } = draft as Draft
      const one = open[name]
      if (one === undefined) throw new Error(`${name} is missing`)
      one.price = round + 0.5
      one.filled += 1n
    })
    times.push(Number(process.hrtime.bigint() - start) / 1000)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}

for (const count of [10, 1000, 100_000]) {
  const document = documentOf(orders, count)
  const bytes = document.text(0).length
  medianUs(document, count, 2000)
  const updateUs = medianUs(document, count, 5000)
  const checkedUs = medianUs(documentOf(checked, count), count, count > 1000 ? 5 : 200)
  const size = `${count} orders, ${(bytes / 1024).toFixed(1)} KB`
  console.log(
    `${size}: update ${updateUs.toFixed(1)} µs, below a check of the root ${checkedUs.toFixed(0)} µs`,
  )
}
