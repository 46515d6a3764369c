import type { Json } from '@holdfast/core'
import type { CompletedOperation, Operation, UnknownOperation } from './operation.ts'
import { PendingOrders, type Rank } from './pending-orders.ts'
import type { SequentialModel } from './sequential-model.ts'

/*
 * The search of Wing and Gong (Testing and verifying concurrent objects, 1993) with the memory of
 * Lowe (Testing for linearizability, 2017): a partial order of operations is continued by any operation
 * that none of those left must precede. What counts of a partial order is which operations are in it
 * and which state it leads to. Of two with the same completed operations and the same state, one that
 * uses all operations of unknown outcome that the other uses is dropped: it can do nothing more.
 *
 * Three more reasons not to look, each of which leaves at least one order if there is any:
 *  - a read that is possible now comes now: moved to the front of what is left of an order it changes
 *    no state and no output in it;
 *  - an operation of unknown outcome that changes nothing does not come at all;
 *  - of two of unknown outcome with the same input the one that began first comes first.
 */

/** A partial order of the operations of one key. */
export interface Order<State> extends Rank {
  /** All completed operations below this index are in it but for those in `open`; none above. */
  readonly frontier: number
  readonly open: readonly number[]
  /** Which operations of unknown outcome are in it, one bit for each. */
  readonly used: bigint
  readonly state: State
  readonly text: string
  /** What came last, and the order before that. */
  readonly last: Operation | null
  readonly before: Order<State> | null
  /** Whether completed operations have been tried after it. */
  readonly isTried: boolean
}

/** What the search came to. */
export interface Linearization<State> {
  readonly verdict: 'linearizable' | 'violated' | 'undecided'
  /** How many partial orders were looked at. */
  readonly steps: number
  /** The operation that should have come next, at the latest, where the search came furthest. */
  readonly blocked: CompletedOperation | null
  /** How far it came: one order for each state in which it got stuck there. */
  readonly furthest: readonly Order<State>[]
}

/** Looks for an order of the operations of one key that `model` could have gone through. */
export function linearize<State extends Json, Input extends Json, Output extends Json>(
  operations: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
  maxSteps: number,
): Linearization<State> {
  const search = new Search(operations, model)
  const verdict = search.run(maxSteps)
  return { verdict, steps: search.steps, ...search.progress() }
}

/** Which completed operations can come next, and when the first of them ended. */
interface Candidates {
  readonly indices: readonly number[]
  /** The index of the operation that ended first; -1 where none is left. */
  readonly first: number
}

class Search<State extends Json, Input extends Json, Output extends Json> {
  steps = 0
  readonly #model: SequentialModel<State, Input, Output>
  readonly #completed: readonly CompletedOperation<Input, Output>[]
  /** For each completed operation whether it changes nothing. */
  readonly #isRead: readonly boolean[]
  readonly #unknown: readonly UnknownOperation<Input>[]
  /** For each operation of unknown outcome the one with the same input that comes before; -1: none. */
  readonly #twins: readonly number[]
  readonly #pending: PendingOrders<Order<State>> = new PendingOrders()
  /** What was looked at: by completed operations and state, the sets of guesses. */
  readonly #known: Map<string, bigint[]> = new Map()
  #furthest: Order<State>[] = []
  #blocked: CompletedOperation<Input, Output> | null = null
  #isFound = false

  constructor(
    operations: readonly Operation<Input, Output>[],
    model: SequentialModel<State, Input, Output>,
  ) {
    const isNoticed = model.noticed?.(operations) ?? (() => true)
    const inOrder = operations.toSorted((a, b) => Number(a.begin - b.begin))
    this.#model = model
    this.#completed = inOrder.filter((operation) => operation.end !== null)
    this.#isRead = this.#completed.map(
      ({ input, output }) => model.changesNothing?.(input, output) ?? false,
    )
    this.#unknown = inOrder
      .filter((operation) => operation.end === null)
      .filter(({ input }) => isNoticed(input))
    const newest = new Map<string, number>()
    this.#twins = this.#unknown.map(({ input }, index) => {
      const text = JSON.stringify(input)
      const twin = newest.get(text) ?? -1
      newest.set(text, index)
      return twin
    })
  }

  run(maxSteps: number): Linearization<State>['verdict'] {
    const { initial } = this.#model
    this.#enter({
      depth: 0,
      guesses: 0,
      frontier: 0,
      open: [],
      used: 0n,
      state: initial,
      text: JSON.stringify(initial),
      last: null,
      before: null,
      isTried: false,
    })
    while (!this.#isFound) {
      const order = this.#pending.pop()
      if (order === undefined) return 'violated'
      if (this.steps > maxSteps) return 'undecided'
      if (order.isTried) this.#guess(order)
      else this.#goOn(order)
    }
    return 'linearizable'
  }

  progress(): Pick<Linearization<State>, 'blocked' | 'furthest'> {
    return { blocked: this.#blocked, furthest: this.#furthest }
  }

  /** Continues `order` by each completed operation that can come next; guesses come later. */
  #goOn(order: Order<State>): void {
    this.#pending.push({ ...order, isTried: true, guesses: order.guesses + 1 })
    for (const index of this.#candidates(order).indices) {
      const next = this.#append(order, index)
      if (next !== null) this.#enter(next)
    }
  }

  /** Continues `order` by each operation of unknown outcome that can come next. */
  #guess(order: Order<State>): void {
    const { first } = this.#candidates(order)
    const deadline = this.#completed[first]?.end ?? 0n
    for (const [index, operation] of this.#unknown.entries()) {
      if (operation.begin > deadline) break
      const [bit, twin] = [1n << BigInt(index), this.#twins[index] ?? -1]
      if ((order.used & bit) !== 0n) continue
      if (twin >= 0 && (order.used & (1n << BigInt(twin))) === 0n) continue
      const { state } = this.#model.apply(order.state, operation.input)
      const text = JSON.stringify(state)
      if (text === order.text) continue
      const used = order.used | bit
      this.#enter({ ...order, used, state, text, last: operation, before: order, isTried: false })
    }
  }

  /** Takes up an order, with the reads that it explains, unless another one leads as far. */
  #enter(entered: Order<State>): void {
    this.steps += 1
    const { order, first } = this.#settle(entered)
    const blocked = this.#completed[first]
    if (blocked === undefined) {
      this.#isFound = true
      return
    }
    const key = `${order.frontier}|${order.open.join()}|${order.text}`
    const known = this.#known.get(key)
    if (known?.some((used) => (used & order.used) === used)) return
    if (known === undefined) this.#known.set(key, [order.used])
    else known.push(order.used)
    this.#note(order, blocked)
    this.#pending.push(order)
  }

  /** Adds the reads that can come next. */
  #settle(entered: Order<State>): { order: Order<State>; first: number } {
    let order = entered
    for (;;) {
      const { indices, first } = this.#candidates(order)
      let hasGrown = false
      for (const index of indices) {
        if (!this.#isRead[index]) continue
        const next = this.#append(order, index)
        if (next === null) continue
        order = next
        hasGrown = true
      }
      if (!hasGrown) return { order, first }
    }
  }

  /** The order with the completed operation at its end, or null where it returned something else. */
  #append(order: Order<State>, index: number): Order<State> | null {
    const operation = this.#completed[index]
    if (operation === undefined) throw new RangeError(`no operation ${index}`)
    const { state, output } = this.#model.apply(order.state, operation.input)
    if (output !== operation.output && JSON.stringify(output) !== JSON.stringify(operation.output))
      return null
    const { frontier, open } = order
    const skipped = Array.from({ length: Math.max(0, index - frontier) }, (_, n) => frontier + n)
    return {
      ...order,
      depth: order.depth + 1,
      frontier: Math.max(frontier, index + 1),
      open: index < frontier ? open.filter((other) => other !== index) : [...open, ...skipped],
      state,
      text: JSON.stringify(state),
      last: operation,
      before: order,
      isTried: false,
    }
  }

  /**
   * Which of the completed operations that are left began before any of them ended. Those in `open`
   * did: one that began later has already come before them.
   */
  #candidates({ open, frontier }: Order<State>): Candidates {
    const indices = [...open]
    let [first, end] = [-1, 0n]
    const consider = (index: number, operation: CompletedOperation<Input, Output>): void => {
      if (first >= 0 && operation.end >= end) return
      first = index
      end = operation.end
    }
    for (const index of open) {
      const operation = this.#completed[index]
      if (operation !== undefined) consider(index, operation)
    }
    for (let index = frontier; ; index += 1) {
      const operation = this.#completed[index]
      if (operation === undefined || (first >= 0 && operation.begin > end)) break
      indices.push(index)
      consider(index, operation)
    }
    return { indices, first }
  }

  /** Remembers where the search came furthest: where what it waits for ended last. */
  #note(order: Order<State>, blocked: CompletedOperation<Input, Output>): void {
    const end = this.#blocked?.end ?? -1n
    if (blocked.end < end) return
    if (blocked.end > end) this.#furthest = []
    this.#blocked = blocked
    if (!this.#furthest.some(({ text }) => text === order.text)) this.#furthest.push(order)
  }
}
