import { type Container, hasOwn, setOwn, spliceArray } from '../container.ts'

/** One thing that an edit did to its container, in the container's own terms. */
export type Operation =
  | { readonly op: 'add' | 'replace'; readonly key: string | number; readonly value: unknown }
  | { readonly op: 'remove'; readonly key: string | number }

/**
 * What one recipe did to one container of the live document, kept by reference: enough to undo it and
 * to tell it as operations, without a copy of the container or of its keys.
 */
export interface Edit {
  readonly container: Container
  /** The net effect, in an order in which it can be replayed. */
  operations(): Operation[]
  /** Takes the keys that the recipe deleted out of the container; before, they only count as gone. */
  settle(keepOrder: boolean): void
  /** Puts the container back to what it was before the recipe. */
  undo(): void
  /** Takes `undo` back. */
  redo(): void
}

/** What stood at a key at one time. */
interface Member {
  readonly existed: boolean
  readonly value: unknown
}

/**
 * The edit of an object: what stood at each touched key. A deleted key stays where it is until
 * `settle`, since a key that is put back by `undo` would come back last: that way a recipe that
 * throws leaves the object as it was to the last key's place.
 */
export class ObjectEdit implements Edit {
  readonly container: Container
  readonly #before = new Map<string, Member>()
  #after = new Map<string, Member>()
  readonly #removed = new Set<string>()
  #order: string[] | undefined

  constructor(container: Container) {
    this.container = container
  }

  /** Whether the recipe deleted `key`. */
  isRemoved(key: string): boolean {
    return this.#removed.has(key)
  }

  /** Whether the recipe deleted anything. */
  get hasRemoved(): boolean {
    return this.#removed.size > 0
  }

  /** Puts `value` at `key`. */
  set(key: string, value: unknown): void {
    this.#touch(key)
    this.#removed.delete(key)
    setOwn(this.container, key, value)
  }

  /** Removes `key`. */
  delete(key: string): void {
    this.#touch(key)
    if (this.#before.get(key)?.existed) {
      this.#removed.add(key)
      return
    }
    this.#before.delete(key)
    Reflect.deleteProperty(this.container, key)
  }

  operations(): Operation[] {
    const operations: Operation[] = []
    for (const [key, before] of this.#before) {
      const value = this.container[key]
      if (this.#removed.has(key)) operations.push({ op: 'remove', key })
      else if (!before.existed) operations.push({ op: 'add', key, value })
      else if (!Object.is(before.value, value)) operations.push({ op: 'replace', key, value })
    }
    return operations
  }

  settle(keepOrder: boolean): void {
    if (this.#removed.size === 0) return
    if (keepOrder) this.#order ??= Object.keys(this.container)
    for (const key of this.#removed) Reflect.deleteProperty(this.container, key)
  }

  undo(): void {
    this.#after = new Map()
    for (const [key, before] of this.#before) {
      this.#after.set(key, this.#memberAt(key))
      this.#put(key, before)
    }
    this.#removed.clear()
    if (this.#order !== undefined) reorder(this.container, this.#order)
  }

  redo(): void {
    for (const [key, after] of this.#after) this.#put(key, after)
  }

  #touch(key: string): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#memberAt(key))
  }

  #memberAt(key: string): Member {
    const existed = hasOwn(this.container, key)
    return { existed, value: existed ? this.container[key] : undefined }
  }

  #put(key: string, member: Member): void {
    if (member.existed) setOwn(this.container, key, member.value)
    else Reflect.deleteProperty(this.container, key)
  }
}

function reorder(container: Container, order: readonly string[]): void {
  const members = order.map((key) => container[key])
  for (const key of order) Reflect.deleteProperty(container, key)
  for (const [index, key] of order.entries()) setOwn(container, key, members[index])
}

interface Splice {
  readonly index: number
  readonly removed: unknown[]
  readonly inserted: unknown[]
}

/** The edit of an array: its splices in order, or its old elements once it was rearranged. */
export class ArrayEdit implements Edit {
  readonly container: Container & unknown[]
  readonly #splices: Splice[] = []
  #before: readonly unknown[] | undefined
  #after: readonly unknown[] = []

  constructor(container: Container & unknown[]) {
    this.container = container
  }

  /** Whether the array is told as a whole, because it was sorted or reversed. */
  get isRearranged(): boolean {
    return this.#before !== undefined
  }

  /** How many splices it took, after those that continue one another were made one. */
  get spliceCount(): number {
    return this.#splices.length
  }

  /** `Array.prototype.splice`. */
  splice(index: number, deleteCount: number, inserted: readonly unknown[]): unknown[] {
    const removed = spliceArray(this.container, index, deleteCount, inserted)
    if (this.isRearranged) return removed
    const last = this.#splices.at(-1)
    const isWithinLast =
      last && index >= last.index && index + removed.length <= last.index + last.inserted.length
    // What the last splice brought in and this one takes out again was never there.
    if (isWithinLast) {
      spliceArray(last.inserted, index - last.index, removed.length, inserted)
    } else this.#splices.push({ index, removed, inserted: [...inserted] })
    return removed
  }

  /** Puts the elements into another order. */
  rearrange(elements: readonly unknown[]): void {
    this.#before ??= [...this.container]
    spliceArray(this.container, 0, this.container.length, elements)
  }

  operations(): Operation[] {
    return this.#splices.flatMap((splice) => operationsOf(splice))
  }

  settle(): void {
    // An array keeps no deleted places.
  }

  undo(): void {
    this.#after = [...this.container]
    if (this.#before) spliceArray(this.container, 0, this.container.length, this.#before)
    for (const { index, removed, inserted } of this.#splices.toReversed()) {
      spliceArray(this.container, index, inserted.length, removed)
    }
  }

  redo(): void {
    spliceArray(this.container, 0, this.container.length, this.#after)
  }
}

function operationsOf({ index, removed, inserted }: Splice): Operation[] {
  const shared = Math.min(removed.length, inserted.length)
  const operations: Operation[] = []
  for (let offset = 0; offset < shared; offset++) {
    if (Object.is(removed[offset], inserted[offset])) continue
    operations.push({ op: 'replace', key: index + offset, value: inserted[offset] })
  }
  for (let offset = shared; offset < inserted.length; offset++) {
    operations.push({ op: 'add', key: index + offset, value: inserted[offset] })
  }
  for (let last = removed.length - 1; last >= shared; last--) {
    operations.push({ op: 'remove', key: index + last })
  }
  return operations
}
