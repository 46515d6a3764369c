import { expect, test } from 'vitest'
import { createLedger, createFills, ledgerSchema, ledgerText, orderId } from '../src/workload.ts'

test.each([1024, 100 * 1024])(
  'a ledger of %i bytes has one order no more than it needs',
  (size) => {
    const ledger = createLedger(size)
    expect(ledgerText(ledger).length).toBeGreaterThanOrEqual(size)
    delete ledger.orders[orderId(Object.keys(ledger.orders).length - 1)]
    expect(ledgerText(ledger).length).toBeLessThan(size)
  },
)

test('a step keeps the ledger valid, and changes two fields of one order', () => {
  const ledger = createLedger(1024)
  const before = structuredClone(ledger)
  createFills(ledger).change(ledger, 1)
  const changed = { filled: '0.01', updatedAt: expect.any(Number) }
  expect(ledgerSchema.parse(ledger)).toEqual({
    orders: { ...before.orders, [orderId(1)]: { ...before.orders[orderId(1)], ...changed } },
  })
})

test('no step of a round leaves the ledger as it was', () => {
  const ledger = createLedger(1024)
  const fills = createFills(ledger)
  for (let step = 0; step < 500; step++) {
    const before = ledgerText(ledger)
    fills.change(ledger, step)
    expect(ledgerText(ledger)).not.toBe(before)
  }
})
