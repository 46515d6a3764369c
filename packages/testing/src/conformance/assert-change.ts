import assert from 'node:assert/strict'
import type { Change } from '@holdfast/core'

/** Asserts that `actual` is what was committed as `expected`, field by field. */
export function assertChange(actual: Change | undefined, expected: Change): void {
  assert.ok(actual !== undefined, `the change to version ${expected.version} is missing`)
  for (const field of ['base', 'version', 'id', 'writer', 'at', 'schema', 'patches'] as const) {
    assert.deepStrictEqual(actual[field], expected[field], `${field} came back changed`)
  }
}
