import { expect, test } from 'vitest'
import { sparkline } from '../src/sparkline.ts'

test('the lowest value is the lowest block and the highest the highest', () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 60)).toBe('▁▂▃▄▅▆▇█')
})

test('more values than characters are averaged in equal shares', () => {
  // Shares 0, 1 | 6, 8 | 3, 4: means 0.5, 7, 3.5.
  expect(sparkline([0, 1, 6, 8, 3, 4], 3)).toBe('▁█▄')
})

test('equal values are a level line', () => {
  expect(sparkline([5, 5, 5], 60)).toBe('▁▁▁')
})

test('no values are no characters', () => {
  expect(sparkline([], 60)).toBe('')
})

test('the line is never wider than asked for and uses every value', () => {
  const values = Array.from({ length: 61 }, (_, index) => index)
  const line = sparkline(values, 60)
  expect(line).toHaveLength(60)
  expect(line.at(-1)).toBe('█')
})
