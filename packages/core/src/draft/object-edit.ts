import { type Container, deleteOwn, hasOwn, setOwn } from '../container.ts'
import type { Edit, Operation } from './edit.ts'

/** Stands for what stood at a key that was not there. */
const absent = Symbol('absent')

/**
 * The edit of an object: what stood at each touched key. A deleted key stays where it is until
 * `settle`, since a key that is put back by `undo` would come back last: that way a recipe that
 * throws leaves the object as it was to the last key's place.
 */
export class ObjectEdit implements Edit {
  readonly container: Container
  readonly #before = new Map<string, unknown>()
  /** Made when they are needed: most recipes delete nothing, and are not taken back. */
  #after: Map<string, unknown> | undefined
  #removed: Set<string> | undefined
  #order: string[] | undefined

  constructor(container: Container) {
    this.container = container
  }

  /** Whether the recipe deleted `key`. */
  isRemoved(key: string): boolean {
    return this.#removed?.has(key) ?? false
  }

  /** Whether the recipe deleted anything. */
  get hasRemoved(): boolean {
    return this.#removed !== undefined && this.#removed.size > 0
  }

  /** Puts `value` at `key`. */
  set(key: string, value: unknown): void {
    this.#touch(key)
    this.#removed?.delete(key)
    setOwn(this.container, key, value)
  }

  /** Removes `key`. */
  delete(key: string): void {
    this.#touch(key)
    if (this.#before.get(key) !== absent) {
      this.#removed ??= new Set()
      this.#removed.add(key)
      return
    }
    this.#before.delete(key)
    deleteOwn(this.container, key)
  }

  operations(): Operation[] {
    const operations: Operation[] = []
    for (const [key, before] of this.#before) {
      const value = this.container[key]
      if (this.isRemoved(key)) operations.push({ op: 'remove', key })
      else if (before === absent) operations.push({ op: 'add', key, value })
      else if (!Object.is(before, value)) operations.push({ op: 'replace', key, value })
    }
    return operations
  }

  tells(key: string | number, member: unknown): boolean {
    const name = String(key)
    return this.#before.has(name) && this.#before.get(name) !== member
  }

  settle(keepOrder: boolean): void {
    if (this.#removed === undefined || this.#removed.size === 0) return
    if (keepOrder) this.#order ??= Object.keys(this.container)
    for (const key of this.#removed) deleteOwn(this.container, key)
  }

  undo(): void {
    this.#after = new Map()
    for (const [key, before] of this.#before) {
      this.#after.set(key, this.#memberAt(key))
      this.#put(key, before)
    }
    if (this.#order !== undefined) reorder(this.container, this.#order)
  }

  redo(): void {
    for (const [key, after] of this.#after ?? []) this.#put(key, after)
  }

  #touch(key: string): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#memberAt(key))
  }

  /** What stands at `key`, or `absent`. */
  #memberAt(key: string): unknown {
    return hasOwn(this.container, key) ? this.container[key] : absent
  }

  #put(key: string, member: unknown): void {
    if (member === absent) deleteOwn(this.container, key)
    else setOwn(this.container, key, member)
  }
}

/** Brings the keys into `order`, which may name some that are gone. */
function reorder(container: Container, order: readonly string[]): void {
  for (const key of order) {
    if (!hasOwn(container, key)) continue
    const member = container[key]
    deleteOwn(container, key)
    setOwn(container, key, member)
  }
}
