import { type ArrayContainer, isContainer, spliceArray } from '../container.ts'
import type { Edit, Operation } from './edit.ts'

/** What one operation costs beside its value, in leaves of a document: about the length of a path. */
const operationSize = 5

/** `removed` was taken out at `index`, and `inserted` put there. */
interface Splice {
  index: number
  readonly removed: unknown[]
  inserted: unknown[]
}

/** An element that a splice has brought in. */
interface Inserted {
  readonly by: Splice
  readonly offset: number
  /** The splices since that stand behind the element. */
  readonly behind: readonly Splice[]
}

/**
 * The edit of an array: its splices, in order. What one of them brought in and a later one took out
 * again is in none of them. The array is told by its splices, or as a whole where that takes less than
 * half as much.
 */
export class ArrayEdit implements Edit {
  readonly container: ArrayContainer
  readonly #splices: Splice[] = []
  readonly #inserted = new Set<unknown>()
  /** By index, the splices of one element for one since the last that moved any. */
  readonly #exchanges = new Map<number, Splice>()
  #operations: readonly Operation[] | undefined
  #isWhole = false
  #told: Set<unknown> | undefined

  constructor(container: ArrayContainer) {
    this.container = container
  }

  /** Whether the array is to be told as a whole. */
  get isWhole(): boolean {
    this.operations()
    return this.#isWhole
  }

  /** `Array.prototype.splice`. */
  splice(at: number, deleteCount: number, inserted: readonly unknown[]): void {
    // A getter of what is put in may have shortened the array since the recipe named the index.
    const index = Math.min(at, this.container.length)
    const removed = spliceArray(this.container, index, deleteCount, inserted)
    this.#operations = undefined
    this.#told = undefined
    if (removed.length === inserted.length) {
      for (const [offset, element] of inserted.entries()) {
        this.#exchange(index + offset, removed[offset], element)
      }
    } else {
      this.#exchanges.clear()
      this.#append(index, this.#withdraw(index, removed), inserted)
    }
    for (const element of inserted) this.#inserted.add(element)
  }

  /** Puts `elements`, as many as there are, in the places of those that there are. */
  rearrange(elements: readonly unknown[]): void {
    for (const [index, element] of elements.entries()) {
      if (!Object.is(this.container[index], element)) this.splice(index, 1, [element])
    }
  }

  operations(): readonly Operation[] {
    if (this.#operations === undefined) {
      this.#operations = this.#splices.flatMap((splice) => operationsOf(splice))
      this.#isWhole = isShorterWhole(this.#operations, this.container)
    }
    return this.#operations
  }

  tells(_key: string | number, member: unknown): boolean {
    if (this.isWhole) return true
    this.#told ??= new Set(
      this.operations().map((operation) =>
        operation.op === 'remove' ? undefined : operation.value,
      ),
    )
    return this.#told.has(member)
  }

  settle(): void {
    // An array keeps no deleted places.
  }

  undo(): void {
    for (const splice of this.#splices.toReversed()) {
      const { index, removed, inserted } = splice
      // What stands there now may have come from a schema since: `redo` has to bring that back.
      splice.inserted = spliceArray(this.container, index, inserted.length, removed)
    }
  }

  redo(): void {
    for (const { index, removed, inserted } of this.#splices) {
      spliceArray(this.container, index, removed.length, inserted)
    }
  }

  #exchange(index: number, removed: unknown, inserted: unknown): void {
    const exchange = this.#exchanges.get(index)
    const earlier = exchange ? { by: exchange, offset: 0 } : this.#find(index, removed)
    if (earlier) {
      earlier.by.inserted[earlier.offset] = inserted
      return
    }
    const added = { index, removed: [removed], inserted: [inserted] }
    this.#splices.push(added)
    this.#exchanges.set(index, added)
  }

  /** Adds a splice, as a part of the last one where it begins within or right after that. */
  #append(index: number, removed: readonly unknown[], inserted: readonly unknown[]): void {
    const last = this.#splices.at(-1)
    if (last && index >= last.index && index <= last.index + last.inserted.length) {
      spliceArray(last.inserted, index - last.index, 0, inserted)
      spliceArray(last.removed, last.removed.length, 0, removed)
    } else if (removed.length + inserted.length > 0) {
      this.#splices.push({ index, removed: [...removed], inserted: [...inserted] })
    }
  }

  /**
   * Takes those of `removed`, which stood from `index` on, out of the splices that brought them in;
   * returns the others.
   */
  #withdraw(index: number, removed: readonly unknown[]): readonly unknown[] {
    if (this.#inserted.size === 0) return removed
    const others: unknown[] = []
    for (const [offset, element] of [...removed.entries()].toReversed()) {
      const found = this.#find(index + offset, element)
      if (found) {
        found.by.inserted.splice(found.offset, 1)
        for (const splice of found.behind) splice.index--
      } else others.push(element)
    }
    return others.toReversed()
  }

  /** How `element`, which stood at `index` before the splice under way, came there. */
  #find(index: number, element: unknown): Inserted | undefined {
    if (!this.#inserted.has(element)) return undefined
    const behind: Splice[] = []
    let position = index
    for (let last = this.#splices.length - 1; last >= 0; last--) {
      const splice = this.#splices[last]
      if (splice === undefined) break
      const offset = position - splice.index
      if (offset < 0) behind.push(splice)
      else if (offset < splice.inserted.length) return { by: splice, offset, behind }
      else position += splice.removed.length - splice.inserted.length
    }
    return undefined
  }
}

function operationsOf({ index, removed, inserted }: Splice): Operation[] {
  const kept = commonEnd(removed, inserted)
  const removedEnd = removed.length - kept
  const insertedEnd = inserted.length - kept
  const shared = Math.min(removedEnd, insertedEnd)
  const operations: Operation[] = []
  for (let offset = 0; offset < shared; offset++) {
    if (Object.is(removed[offset], inserted[offset])) continue
    operations.push({ op: 'replace', key: index + offset, value: inserted[offset] })
  }
  for (let offset = shared; offset < insertedEnd; offset++) {
    operations.push({ op: 'add', key: index + offset, value: inserted[offset] })
  }
  for (let last = removedEnd - 1; last >= shared; last--) {
    operations.push({ op: 'remove', key: index + last })
  }
  return operations
}

/** How many elements at the end of two lists of different lengths are the same. */
function commonEnd(one: readonly unknown[], other: readonly unknown[]): number {
  if (one.length === other.length) return 0
  const most = Math.min(one.length, other.length)
  let count = 0
  while (count < most && Object.is(one.at(-1 - count), other.at(-1 - count))) count++
  return count
}

/** Whether the array itself takes less than half of what `operations` take to be told. */
function isShorterWhole(operations: readonly Operation[], array: ArrayContainer): boolean {
  // One operation, or two, never take that much.
  if (operations.length < 3) return false
  let size = 0
  for (const operation of operations) {
    size += operationSize + (operation.op === 'remove' ? 0 : sizeOf(operation.value, Infinity))
  }
  const most = size / 2 - operationSize
  return sizeOf(array, most) < most
}

/** How many leaves and containers `value` is made of; not counted much beyond `most`. */
function sizeOf(value: unknown, most: number): number {
  if (!isContainer(value)) return 1
  if (Array.isArray(value) && value.length >= most) return value.length
  let size = 1
  for (const member of Object.values(value)) {
    if (size >= most) break
    size += sizeOf(member, most - size)
  }
  return size
}
