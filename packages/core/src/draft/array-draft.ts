import { hasOwn, isIndex } from '../container.ts'
import type { Node } from './node.ts'
import type { Recorder } from './recorder.ts'

/** A draft of an array: reads like it, and records what is done to it. */
export function createArrayDraft(recorder: Recorder, node: Node): object {
  return new Proxy([], new ArrayHandler(recorder, node))
}

class ArrayHandler implements ProxyHandler<unknown[]> {
  readonly #recorder: Recorder
  readonly #node: Node
  readonly #methods: Record<string, unknown>

  constructor(recorder: Recorder, node: Node) {
    this.#recorder = recorder
    this.#node = node
    this.#methods = changingMethods(recorder, node)
  }

  get(_target: unknown[], key: PropertyKey, draft: unknown): unknown {
    this.#recorder.assertRunning()
    if (typeof key === 'string') {
      if (hasOwn(this.#methods, key)) return this.#methods[key]
      if (hasOwn(this.#node.container, key)) return this.#recorder.read(this.#node, indexOf(key))
    }
    return Reflect.get(Array.prototype, key, draft)
  }

  set(_target: unknown[], key: PropertyKey, value: unknown): boolean {
    const length = lengthOf(this.#node)
    if (key === 'length') {
      if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > length) {
        throw new TypeError(`the length of an array of ${length} can only be lowered`)
      }
      this.#recorder.splice(this.#node, Number(value), length - Number(value), [])
      return true
    }
    if (typeof key !== 'string' || !isIndex(key) || Number(key) > length) {
      throw new TypeError(`${String(key)} cannot be set: it would leave a hole or a named member`)
    }
    if (Number(key) === length) this.#recorder.splice(this.#node, length, 0, [value])
    else this.#recorder.write(this.#node, Number(key), value)
    return true
  }

  deleteProperty(_target: unknown[], key: PropertyKey): boolean {
    throw new TypeError(`delete of element ${String(key)} would leave a hole: use splice`)
  }

  has(_target: unknown[], key: PropertyKey): boolean {
    return hasOwn(this.#node.container, key) || Reflect.has(Array.prototype, key)
  }

  ownKeys(): (string | symbol)[] {
    this.#recorder.assertRunning()
    return Reflect.ownKeys(this.#node.container)
  }

  getOwnPropertyDescriptor(_target: unknown[], key: PropertyKey): PropertyDescriptor | undefined {
    if (typeof key === 'symbol' || !hasOwn(this.#node.container, key)) return undefined
    const isLength = key === 'length'
    const value = this.#recorder.read(this.#node, indexOf(key))
    return { value, writable: true, enumerable: !isLength, configurable: !isLength }
  }

  defineProperty(): boolean {
    throw new TypeError('a draft takes plain assignment, not Object.defineProperty')
  }

  setPrototypeOf(): boolean {
    throw new TypeError('the prototype of a draft cannot be set')
  }

  preventExtensions(): boolean {
    throw new TypeError('a draft cannot be frozen or sealed')
  }
}

function lengthOf(node: Node): number {
  return Number(node.container['length'])
}

function indexOf(key: PropertyKey): string | number {
  return typeof key === 'string' && isIndex(key) ? Number(key) : String(key)
}

/** An index argument in the way of Array.prototype: negative from the end, kept within the array. */
function clamp(index: unknown, length: number, missing: number): number {
  if (index === undefined) return missing
  const whole = Math.trunc(Number(index)) || 0
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length)
}

/**
 * The methods of Array.prototype that change the array, made of splices: the generic ones would move
 * elements one by one, each of them a copy, and drafts of them would be left behind.
 */
function changingMethods(recorder: Recorder, node: Node): Record<string, unknown> {
  const length = (): number => lengthOf(node)
  const elements = (): unknown[] =>
    Array.from({ length: length() }, (_, index) => recorder.read(node, index))
  const splice = (index: number, count: number, values: readonly unknown[]): unknown[] =>
    recorder.splice(node, index, count, values)
  const setEach = (start: number, values: readonly unknown[]): unknown => {
    for (const [offset, value] of values.entries()) recorder.write(node, start + offset, value)
    return node.draft
  }
  return {
    push: (...values: unknown[]) => {
      splice(length(), 0, values)
      return length()
    },
    pop: () => splice(Math.max(length() - 1, 0), Math.min(length(), 1), [])[0],
    shift: () => splice(0, Math.min(length(), 1), [])[0],
    unshift: (...values: unknown[]) => {
      splice(0, 0, values)
      return length()
    },
    splice(...[start, count, ...values]: unknown[]) {
      const index = clamp(start, length(), 0)
      const rest = length() - index
      const isOpen = arguments.length === 1
      const wanted = Math.max(Math.trunc(Number(count)) || 0, 0)
      return splice(index, arguments.length === 0 ? 0 : isOpen ? rest : Math.min(wanted, rest), values)
    },
    sort(compare?: (a: unknown, b: unknown) => number) {
      recorder.rearrange(node, elements().toSorted(compare))
      return node.draft
    },
    reverse() {
      recorder.rearrange(node, elements().toReversed())
      return node.draft
    },
    fill(value: unknown, start?: number, end?: number) {
      const from = clamp(start, length(), 0)
      const count = Math.max(clamp(end, length(), length()) - from, 0)
      return setEach(from, Array.from({ length: count }, () => value))
    },
    copyWithin(target: number, start: number, end?: number) {
      const to = clamp(target, length(), 0)
      const from = clamp(start, length(), 0)
      const until = Math.min(clamp(end, length(), length()), from + length() - to)
      return setEach(to, recorder.release(elements().slice(from, Math.max(until, from))) as unknown[])
    },
  }
}
