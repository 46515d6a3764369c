import type { Node } from './node.ts'
import type { Recorder } from './recorder.ts'

/** A method of a draft: `node` is what it is called on. */
type Method = (recorder: Recorder, node: Node, args: readonly unknown[]) => unknown

/**
 * The methods of Array.prototype that change the array, made of splices: the generic ones would move
 * elements one by one, each of them a copy, and drafts of them would be left behind.
 */
export const changingMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['push', (recorder, node, values) => insert(recorder, node, lengthOf(node), values)],
  ['pop', (recorder, node) => take(recorder, node, lengthOf(node) - 1)],
  ['shift', (recorder, node) => take(recorder, node, 0)],
  ['unshift', (recorder, node, values) => insert(recorder, node, 0, values)],
  ['splice', splice],
  ['sort', sort],
  ['reverse', reverse],
  ['fill', fill],
  ['copyWithin', copyWithin],
])

function insert(recorder: Recorder, node: Node, index: number, values: readonly unknown[]): number {
  recorder.splice(node, index, 0, values)
  return lengthOf(node)
}

function take(recorder: Recorder, node: Node, index: number): unknown {
  return lengthOf(node) === 0 ? undefined : splice(recorder, node, [index, 1])[0]
}

function splice(recorder: Recorder, node: Node, args: readonly unknown[]): unknown[] {
  const [start, count, ...values] = args
  const length = lengthOf(node)
  const index = clamp(start, length, 0)
  const rest = length - index
  const deleteCount = args.length === 1 ? rest : Math.min(Math.max(toInteger(count), 0), rest)
  const removed = elementsOf(recorder, node, index, deleteCount)
  recorder.splice(node, index, deleteCount, values)
  return removed
}

function sort(recorder: Recorder, node: Node, [compare]: readonly unknown[]): unknown {
  if (compare !== undefined && typeof compare !== 'function') {
    throw new TypeError('The comparison function must be a function or undefined')
  }
  const before = Object.values(node.container)
  const elements = elementsOf(recorder, node, 0, before.length)
  const order = compare
    ? [...elements.keys()].toSorted((a, b) => Number(compare(elements[a], elements[b])))
    : orderOfTexts(elements)
  const isSame = before.every((element, index) => element === node.container[index])
  if (lengthOf(node) !== before.length || !isSame) {
    throw new TypeError('the array was changed while it was sorted')
  }
  recorder.rearrange(node, order)
  return recorder.draftOf(node)
}

/** What Array.prototype.sort does without a comparison function. */
function orderOfTexts(elements: readonly unknown[]): number[] {
  const texts = elements.map(String)
  return [...texts.keys()].toSorted((a, b) => {
    const [one = '', other = ''] = [texts[a], texts[b]]
    if (one === other) return 0
    return one < other ? -1 : 1
  })
}

function reverse(recorder: Recorder, node: Node): unknown {
  const order = Array.from({ length: lengthOf(node) }, (_, index) => index)
  recorder.rearrange(node, order.toReversed())
  return recorder.draftOf(node)
}

function fill(recorder: Recorder, node: Node, [value, start, end]: readonly unknown[]): unknown {
  const length = lengthOf(node)
  const until = clamp(end, length, length)
  for (let index = clamp(start, length, 0); index < until; index++) {
    recorder.write(node, index, value)
  }
  return recorder.draftOf(node)
}

function copyWithin(recorder: Recorder, node: Node, args: readonly unknown[]): unknown {
  const [target, start, end] = args
  const length = lengthOf(node)
  const to = clamp(target, length, 0)
  const from = clamp(start, length, 0)
  const count = Math.min(clamp(end, length, length) - from, length - to)
  const elements = elementsOf(recorder, node, from, count)
  for (const [offset, element] of elements.entries()) recorder.write(node, to + offset, element)
  return recorder.draftOf(node)
}

/** Elements as the recipe sees them: drafts and leaves. */
function elementsOf(recorder: Recorder, node: Node, index: number, count: number): unknown[] {
  return Array.from({ length: Math.max(count, 0) }, (_, offset) =>
    recorder.read(node, index + offset),
  )
}

function lengthOf(node: Node): number {
  return Number(node.container['length'])
}

/** An index argument in the way of Array.prototype: negative from the end, kept within the array. */
function clamp(index: unknown, length: number, missing: number): number {
  if (index === undefined) return missing
  const whole = toInteger(index)
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length)
}

function toInteger(value: unknown): number {
  return Math.trunc(Number(value)) || 0
}
