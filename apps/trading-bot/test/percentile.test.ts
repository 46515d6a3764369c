import { expect, test } from 'vitest'
import { percentile } from '../src/percentile.ts'

test('a percentile is the nearest rank in order of size', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(values, 0.5)).toBe(50)
  expect(percentile(values, 0.99)).toBe(99)
  expect(percentile([7], 0.99)).toBe(7)
})

test('numbers are not sorted as text', () => {
  expect(percentile([9, 10, 100], 0.5)).toBe(10)
})

test('there is none of no values', () => {
  expect(percentile([], 0.5)).toBeUndefined()
})
