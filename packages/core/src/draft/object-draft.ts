import { invalidAt } from '../copy-json.ts'
import { formatPointer } from '../pointer.ts'
import type { Node } from './node.ts'
import type { Recorder } from './recorder.ts'

/** A draft of an object: reads like it, and records what is done to it. */
export function createObjectDraft(recorder: Recorder, node: Node): object {
  // The target is what a debugger and console.log show.
  return new Proxy(node.container, new ObjectHandler(recorder, node))
}

class ObjectHandler implements ProxyHandler<object> {
  readonly #recorder: Recorder
  readonly #ownNode: Node

  constructor(recorder: Recorder, node: Node) {
    this.#recorder = recorder
    this.#ownNode = node
  }

  get #node(): Node {
    return this.#recorder.current(this.#ownNode)
  }

  get(_target: object, key: PropertyKey, draft: unknown): unknown {
    const node = this.#node
    if (typeof key === 'string' && node.has(key)) return this.#recorder.read(node, key)
    return Reflect.get(Object.prototype, key, draft)
  }

  set(_target: object, key: PropertyKey, value: unknown): boolean {
    const node = this.#node
    if (typeof key !== 'string') throw this.#refused([], 'a symbol key has no JSON form')
    if (key === '__proto__') throw this.#refused([key], 'a key named __proto__ is refused')
    this.#recorder.write(node, key, value)
    return true
  }

  deleteProperty(_target: object, key: PropertyKey): boolean {
    const node = this.#node
    if (typeof key === 'string') this.#recorder.remove(node, key)
    return true
  }

  has(_target: object, key: PropertyKey): boolean {
    return this.#node.has(key) || Reflect.has(Object.prototype, key)
  }

  ownKeys(): string[] {
    return this.#node.keys()
  }

  getOwnPropertyDescriptor(_target: object, key: PropertyKey): PropertyDescriptor | undefined {
    const node = this.#node
    if (typeof key !== 'string' || !node.has(key)) return undefined
    const value = this.#recorder.read(node, key)
    return { value, writable: true, enumerable: true, configurable: true }
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

  #refused(keys: string[], message: string): Error {
    return invalidAt(formatPointer(this.#recorder.pathTo(this.#node, ...keys)), message)
  }
}
