import { expect, test } from 'vitest'
import { systemFileEnvironment } from '../src/index.ts'

test('tokens are 128 bits in hexadecimal and never repeat, across refills of the pool', () => {
  const tokens = Array.from({ length: 2000 }, () => systemFileEnvironment.token())
  expect(new Set(tokens).size).toBe(tokens.length)
  for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{32}$/)
})
