import { z } from 'zod'
import {
  type Effect,
  type EffectDefinition,
  openStore,
  type State,
  systemEnvironment,
  type Store,
} from '../../src/index.ts'
import { Exchange, type Fill } from './exchange.ts'
import { ScriptedBackend, scriptedModule, type ScriptedState } from './scripted-backend.ts'

interface Order {
  readonly symbol: string
  readonly price: number
}

/** The document of a desk. */
export interface Book {
  /** Prices, by the id of the order. */
  orders: Record<string, number>
  filled: number
}

const orderInput: z.ZodType<Order> = z.object({ symbol: z.string(), price: z.number() })
const orderResult: z.ZodType<Fill> = z.object({
  status: z.enum(['filled', 'refused']),
  price: z.number(),
})
export const bookSchema: z.ZodType<Book> = z.object({
  orders: z.record(z.string(), z.number()),
  filled: z.number(),
})

export type OrderDefinition = EffectDefinition<Book, typeof orderInput, typeof orderResult>

/** A process that trades: a state, its effect `order`, and the exchange. */
export interface Desk {
  readonly state: State<Book>
  readonly order: Effect<typeof orderInput, typeof orderResult>
  readonly exchange: Exchange
  readonly stored: ScriptedState
  readonly backend: ScriptedBackend
  readonly store: Store
}

export interface DeskOptions {
  readonly backend?: ScriptedBackend
  readonly exchange?: Exchange
  readonly definition?: Partial<OrderDefinition>
  /** The wall clock. */
  readonly now?: () => number
  /** In place of timers. */
  readonly after?: (delayMs: number, run: () => void) => () => void
}

/** Opens a desk: on new places, or, as after a crash, on those of one that was abandoned. */
export async function openDesk({
  backend = new ScriptedBackend(),
  exchange = new Exchange(),
  definition = {},
  ...clock
}: DeskOptions = {}): Promise<Desk> {
  const environment = { ...systemEnvironment, ...clock }
  const store = await openStore('scripted:', { backends: [scriptedModule(backend)], environment })
  const initial = (): Book => ({ orders: {}, filled: 0 })
  const state = await store.open('bot', { schema: bookSchema, initial })
  const order = state.effect('order', { ...orderDefinition(exchange), ...definition })
  return { state, order, exchange, stored: backend.state(), backend, store }
}

/** The effect `order`, which counts what was filled and keeps its price. */
export function orderDefinition(exchange: Exchange): OrderDefinition {
  return {
    input: orderInput,
    result: orderResult,
    run: ({ price }, { key }) => exchange.place(key, price),
    find: (key) => exchange.find(key),
    apply: (draft, { status, price }, _input, { id }) => {
      if (status === 'refused') return
      draft.orders[id] = price
      draft.filled++
    },
  }
}
