import { expect, test } from 'vitest'
import { jsonText } from '../src/index.ts'

test('text at any depth stands in its containers exactly as if they had been written whole', () => {
  const values = [{ a: [1, { b: 'x\ny' }], c: {} }, [], 'text', 12.5, null, [[]]]
  for (const value of values) {
    for (const indent of [0, 1, 2, 8]) {
      expect(jsonText(value, indent)).toBe(JSON.stringify(value, undefined, indent))
      const [open, close] =
        indent === 0 ? ['{"data":', '}'] : [`{\n${' '.repeat(indent)}"data": `, '\n}']
      const whole = JSON.stringify({ data: value }, undefined, indent)
      expect(`${open}${jsonText(value, indent, 1)}${close}`).toBe(whole)
      const deep = JSON.stringify([[{ data: value }]], undefined, indent)
      expect(deep).toContain(jsonText(value, indent, 3))
    }
  }
})
