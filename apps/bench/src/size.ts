import { createLedger, type Ledger, ledgerOfOrders } from './workload.ts'

/** How large a document is. */
export interface Size {
  readonly label: string
  /** A heavy contender takes only one turn in so many at this size. */
  readonly heavyEvery: number
  /** A new ledger of this size, divided by `shrink`. */
  create(shrink: number): Ledger
}

// One order, at least.
const smallest = 512

function ofBytes(label: string, bytes: number, heavyEvery: number): Size {
  return { label, heavyEvery, create: (shrink) => createLedger(Math.max(smallest, bytes / shrink)) }
}

/** The sizes that are measured. */
export const sizes = {
  small: ofBytes('1 KB', 1024, 1),
  medium: ofBytes('100 KB', 100 * 1024, 1),
  large: ofBytes('1 MB', 1024 * 1024, 4),
  huge: ofBytes('10 MB', 10 * 1024 * 1024, 20),
  wide: {
    label: '100000 keys',
    heavyEvery: 20,
    create: (shrink: number) => ledgerOfOrders(Math.ceil(100_000 / shrink)),
  },
} as const satisfies Record<string, Size>
