import { expect, test } from 'vitest'
import { createRandom, shuffled } from '../src/random.ts'
import { quantile, ratioOfMedians, spread } from '../src/statistics.ts'

test('a quantile lies between its neighbours in proportion', () => {
  expect(quantile([40, 10, 30, 20], 0.5)).toBe(25)
  expect(quantile([40, 10, 30, 20], 0)).toBe(10)
  expect(quantile([40, 10, 30, 20], 1)).toBe(40)
  expect(quantile([7], 0.99)).toBe(7)
})

test('a quantile of nothing is refused', () => {
  expect(() => quantile([], 0.5)).toThrow('at least one sample')
})

test('a spread names the quartiles and the 99th percentile', () => {
  const samples = Array.from({ length: 101 }, (_, index) => 100 - index)
  expect(spread(samples)).toEqual({ p25: 25, p50: 50, p75: 75, p99: 99 })
})

test('a round that is slow for both sides leaves the ratio as it is', () => {
  const quiet = [1, 2, 3]
  const busy = [100, 200, 300]
  const ratio = ratioOfMedians([quiet, busy, quiet], [quiet, busy, quiet])
  expect(ratio).toEqual({ p25: 1, p50: 1, p75: 1, p99: 1 })
})

test('one odd round does not move the median ratio', () => {
  expect(ratioOfMedians([[2], [2], [90]], [[1], [1], [1]]).p50).toBe(2)
})

test('a ratio of unequal numbers of rounds is refused', () => {
  expect(() => ratioOfMedians([[1]], [])).toThrow('the same rounds')
})

test('a shuffle keeps every item, and is the same for the same seed', () => {
  const items = ['a', 'b', 'c', 'd', 'e']
  const shuffleOften = () => {
    const random = createRandom(7)
    return Array.from({ length: 20 }, () => shuffled(items, random))
  }
  const orders = shuffleOften()
  expect(shuffleOften()).toEqual(orders)
  expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
  for (const order of orders) expect(order.toSorted()).toEqual(items)
})
