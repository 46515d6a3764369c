import { type ArrayContainer, isIndex } from '../container.ts'
import { invalidAt } from '../copy-json.ts'
import { formatPointer } from '../pointer.ts'
import { changingMethods } from './changing-methods.ts'
import type { Node } from './node.ts'
import type { Recorder } from './recorder.ts'

/** A draft of an array: reads like it, and records what is done to it. */
export function createArrayDraft(recorder: Recorder, node: Node, array: ArrayContainer): object {
  // The target is what a debugger and console.log show.
  return new Proxy(array, new ArrayHandler(recorder, node))
}

class ArrayHandler implements ProxyHandler<unknown[]> {
  readonly #recorder: Recorder
  readonly #ownNode: Node

  constructor(recorder: Recorder, node: Node) {
    this.#recorder = recorder
    this.#ownNode = node
  }

  get #node(): Node {
    return this.#recorder.current(this.#ownNode)
  }

  get(_target: unknown[], key: PropertyKey, draft: unknown): unknown {
    const node = this.#node
    if (typeof key === 'string') {
      if (node.has(key)) return this.#recorder.read(node, indexOf(key))
      const method = changingMethods.get(key)
      if (method) return (...args: unknown[]) => method(this.#recorder, this.#node, args)
    }
    return Reflect.get(Array.prototype, key, draft)
  }

  set(_target: unknown[], key: PropertyKey, value: unknown): boolean {
    const node = this.#node
    const length = lengthOf(node)
    if (key === 'length') this.#setLength(node, Number(value))
    else if (typeof key !== 'string' || !isIndex(key)) {
      throw this.#refused('an array with named members has no JSON form')
    } else if (Number(key) < length) this.#recorder.write(node, Number(key), value)
    else if (Number(key) === length) this.#recorder.splice(node, length, 0, [value])
    else throw this.#refused(`an array of ${length} with an element ${key} would have holes`)
    return true
  }

  deleteProperty(_target: unknown[], key: PropertyKey): boolean {
    if (!this.#node.has(key)) return true
    throw this.#refused(
      `without its element ${String(key)} the array would have a hole: use splice`,
    )
  }

  has(_target: unknown[], key: PropertyKey): boolean {
    return this.#node.has(key) || Reflect.has(Array.prototype, key)
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.#node.container)
  }

  getOwnPropertyDescriptor(_target: unknown[], key: PropertyKey): PropertyDescriptor | undefined {
    const node = this.#node
    if (typeof key === 'symbol' || !node.has(key)) return undefined
    const isElement = key !== 'length'
    const value = this.#recorder.read(node, indexOf(key))
    return { value, writable: true, enumerable: isElement, configurable: isElement }
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

  #setLength(node: Node, wanted: number): void {
    const length = lengthOf(node)
    if (!Number.isInteger(wanted) || wanted < 0) throw new RangeError('Invalid array length')
    if (wanted > length) {
      throw this.#refused(`an array of ${length} with a length of ${wanted} would have holes`)
    }
    if (wanted < length) this.#recorder.splice(node, wanted, length - wanted, [])
  }

  #refused(message: string): Error {
    return invalidAt(formatPointer(this.#recorder.pathTo(this.#node)), message)
  }
}

function lengthOf(node: Node): number {
  return Number(node.container['length'])
}

function indexOf(key: PropertyKey): string | number {
  return typeof key === 'string' && isIndex(key) ? Number(key) : String(key)
}
