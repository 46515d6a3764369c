import assert from 'node:assert/strict'
import type { Json } from '@holdfast/core'

/**
 * Asserts that two documents are the same to the last key order, prototypes included. The texts are
 * compared first: node's own comparison takes minutes to word the difference of two big documents.
 */
export function assertSameJson(actual: Json, expected: Json): void {
  const [actualText, expectedText] = [textOf(actual), textOf(expected)]
  if (actualText !== expectedText) {
    const at = firstDifference(actualText, expectedText)
    const [from, to] = [Math.max(0, at - 30), at + 30]
    const [came, went] = [actualText.slice(from, to), expectedText.slice(from, to)]
    assert.fail(`the document changed at character ${at} of its text: …${came}… for …${went}…`)
  }
  assert.deepStrictEqual(actual, expected)
}

/** Of undefined, which a backend may have given, there is no JSON text. */
function textOf(json: Json | undefined): string {
  return json === undefined ? 'undefined' : JSON.stringify(json)
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}
