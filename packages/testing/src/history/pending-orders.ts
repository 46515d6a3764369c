/** Where a partial order stands in the queue. */
export interface Rank {
  /** How many completed operations it explains; the most come first. */
  readonly depth: number
  /** How many operations of unknown outcome it needs for that; the fewest come first. */
  readonly guesses: number
}

/** The partial orders still to be continued: the most promising one first, of equal ones the youngest. */
export class PendingOrders<Order extends Rank> {
  /** By depth, then by guesses, both with holes: a stack each. */
  readonly #levels: (Order[] | undefined)[][] = []

  push(order: Order): void {
    const level = (this.#levels[order.depth] ??= [])
    const stack = (level[order.guesses] ??= [])
    stack.push(order)
  }

  pop(): Order | undefined {
    while (this.#levels.length > 0) {
      const stack = this.#levels.at(-1)?.find((each) => each !== undefined && each.length > 0)
      if (stack !== undefined) return stack.pop()
      this.#levels.pop()
    }
    return undefined
  }
}
