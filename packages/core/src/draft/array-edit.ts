import { type ArrayContainer, isContainer, spliceArray } from '../container.ts'
import type { Edit, Operation } from './edit.ts'

/** What one operation costs beside its value, in leaves of a document: about the length of a path. */
const operationSize = 5

/** `removed` was taken out at `index`, and `inserted` put there. */
interface Splice {
  readonly index: number
  readonly removed: unknown[]
  inserted: unknown[]
}

/**
 * The edit of an array: its splices, in order. It is told by them, or as a whole where that takes
 * less than half as much.
 */
export class ArrayEdit implements Edit {
  readonly container: ArrayContainer
  readonly #splices: Splice[] = []
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

  /** How many splices it took, after those that continue one another were made one. */
  get spliceCount(): number {
    return this.#splices.length
  }

  /** `Array.prototype.splice`. */
  splice(at: number, deleteCount: number, inserted: readonly unknown[]): unknown[] {
    // A getter of what is put in may have shortened the array since the recipe named the index.
    const index = Math.min(at, this.container.length)
    const removed = spliceArray(this.container, index, deleteCount, inserted)
    this.#forgetOperations()
    if (removed.length === inserted.length) {
      for (const [offset, element] of inserted.entries()) {
        this.#exchange(index + offset, removed[offset], element)
      }
    } else {
      this.#exchanges.clear()
      this.#append(index, removed, inserted)
    }
    return removed
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
    const last = this.#splices.at(-1)
    const isInLast = last && index >= last.index && index < last.index + last.inserted.length
    const earlier = this.#exchanges.get(index) ?? (isInLast ? last : undefined)
    if (earlier) {
      earlier.inserted[index - earlier.index] = inserted
      return
    }
    const exchange = { index, removed: [removed], inserted: [inserted] }
    this.#splices.push(exchange)
    this.#exchanges.set(index, exchange)
  }

  /** Adds a splice, as a part of the last one where it begins within or right after that. */
  #append(index: number, removed: readonly unknown[], inserted: readonly unknown[]): void {
    const last = this.#splices.at(-1)
    const end = last ? last.index + last.inserted.length : -1
    if (!last || index < last.index || index > end) {
      this.#splices.push({ index, removed: [...removed], inserted: [...inserted] })
      return
    }
    // What the last splice brought in and this one takes out again was never there.
    const again = Math.min(removed.length, end - index)
    spliceArray(last.inserted, index - last.index, again, inserted)
    spliceArray(last.removed, last.removed.length, 0, removed.slice(again))
  }

  #forgetOperations(): void {
    this.#operations = undefined
    this.#told = undefined
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
