import { isDeepStrictEqual } from 'node:util'
import { Book, type BookedOrder } from './booked-order.ts'
import type { DeepReadonly, State, Store } from '@holdfast/core'
import type { Order } from '../trading-state.ts'
import type { Judge } from './judge.ts'

/** An order was sent again under the same client order id, but is another one. */
export class ReusedId extends Error {}

/**
 * The exchange's book, durable: what it has answered once it answers for ever, kill -9 or not. An
 * order that comes again under its client order id is the same order.
 */
export class OrderBook {
  readonly #state: State<Book>
  readonly #judge: Judge

  private constructor(state: State<Book>, judge: Judge) {
    this.#state = state
    this.#judge = judge
  }

  /** Opens the book `name`, and fills the open orders that can be filled by now. */
  static async open(store: Store, name: string, judge: Judge): Promise<OrderBook> {
    const state = await store.open(name, { schema: Book, initial: () => ({ orders: {} }) })
    const book = new OrderBook(state, judge)
    const openIds = book.list('open').map(({ clientOrderId }) => clientOrderId)
    await state.update((draft) => {
      for (const id of openIds) {
        const booked = draft.orders[id]
        if (booked !== undefined) booked.outcome = judge(booked.order, 1)
      }
    })
    return book
  }

  /**
   * Takes an order, unless it was taken before, and gives it as it stands in the book, durably.
   * @throws ReusedId when another order has that id.
   */
  async place(clientOrderId: string, order: Order): Promise<DeepReadonly<BookedOrder>> {
    // Also where nothing is to be changed: then this waits until the first commit is durable.
    await this.#state.update(({ orders }) => {
      if (Object.hasOwn(orders, clientOrderId)) return
      const all = Object.values(orders)
      const earlier = all.filter((booked) => isDeepStrictEqual({ ...booked.order }, order))
      const outcome = this.#judge(order, earlier.length + 1)
      orders[clientOrderId] = { clientOrderId, number: all.length + 1, order, outcome }
    })
    const booked = this.#booked(clientOrderId)
    if (booked === undefined) throw new Error(`order ${clientOrderId} was booked, and is not there`)
    if (isDeepStrictEqual(booked.order, order)) return booked
    throw new ReusedId(`${clientOrderId} is the id of another order`)
  }

  /** The order as it stands in the book, durably; undefined when it was never taken. */
  async find(clientOrderId: string): Promise<DeepReadonly<BookedOrder> | undefined> {
    // What is being committed would be told, and could still be lost.
    await this.#state.update(() => {})
    return this.#booked(clientOrderId)
  }

  /** All orders in the order they came, or those of one status. */
  list(status?: string): DeepReadonly<BookedOrder>[] {
    const all = Object.values(this.#state.value.orders)
    if (status === undefined) return all
    return all.filter(({ outcome }) => (outcome?.status ?? 'open') === status)
  }

  /** Waits for what is being booked. */
  close(): Promise<void> {
    return this.#state.close()
  }

  #booked(clientOrderId: string): DeepReadonly<BookedOrder> | undefined {
    const { orders } = this.#state.value
    return Object.hasOwn(orders, clientOrderId) ? orders[clientOrderId] : undefined
  }
}
