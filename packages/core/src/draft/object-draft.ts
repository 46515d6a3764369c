import { hasOwn } from '../container.ts'
import { ObjectEdit } from './edit.ts'
import type { Node } from './node.ts'
import type { Recorder } from './recorder.ts'

/** A draft of an object: reads like it, and records what is done to it. */
export function createObjectDraft(recorder: Recorder, node: Node): object {
  return new Proxy({}, new ObjectHandler(recorder, node))
}

class ObjectHandler implements ProxyHandler<object> {
  readonly #recorder: Recorder
  readonly #node: Node

  constructor(recorder: Recorder, node: Node) {
    this.#recorder = recorder
    this.#node = node
  }

  get(_target: object, key: PropertyKey, draft: unknown): unknown {
    if (typeof key === 'symbol' || !this.#has(key)) {
      this.#recorder.assertRunning()
      return Reflect.get(Object.prototype, key, draft)
    }
    return this.#recorder.read(this.#node, String(key))
  }

  set(_target: object, key: PropertyKey, value: unknown): boolean {
    assertName(key)
    this.#recorder.write(this.#node, key, value)
    return true
  }

  deleteProperty(_target: object, key: PropertyKey): boolean {
    if (typeof key !== 'symbol' && this.#has(key)) this.#recorder.remove(this.#node, String(key))
    return true
  }

  has(_target: object, key: PropertyKey): boolean {
    return this.#has(key) || Reflect.has(Object.prototype, key)
  }

  ownKeys(): (string | symbol)[] {
    this.#recorder.assertRunning()
    const keys = Reflect.ownKeys(this.#node.container)
    const edit = this.#node.edit
    if (!(edit instanceof ObjectEdit) || !edit.hasRemoved) return keys
    return keys.filter((key) => !edit.isRemoved(String(key)))
  }

  getOwnPropertyDescriptor(_target: object, key: PropertyKey): PropertyDescriptor | undefined {
    if (typeof key === 'symbol' || !this.#has(key)) return undefined
    const value = this.#recorder.read(this.#node, String(key))
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

  #has(key: PropertyKey): boolean {
    const { container, edit } = this.#node
    if (!hasOwn(container, key)) return false
    return !(edit instanceof ObjectEdit && edit.isRemoved(String(key)))
  }
}

function assertName(key: PropertyKey): asserts key is string {
  if (typeof key === 'symbol') throw new TypeError('a symbol cannot be a key of a document')
  if (key === '__proto__') throw new TypeError('__proto__ cannot be a key of a document')
}
