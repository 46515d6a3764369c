import { openStore, type State, type Store } from 'holdfast'
import { z } from 'zod'
import type { SharedLists } from './shared-list.ts'

const list = z.object({ last: z.string().nullable(), count: z.number() })

const emptyList = (): z.input<typeof list> => ({ last: null, count: 0 })

/** Each list is a state, as a bot would have it. */
export class HoldfastLists implements SharedLists {
  readonly #store: Store
  readonly #states: Map<string, State<z.output<typeof list>>> = new Map()

  private constructor(store: Store) {
    this.#store = store
  }

  static async open(url: string): Promise<HoldfastLists> {
    return new HoldfastLists(await openStore(url))
  }

  async append(key: string, token: string): Promise<string | null> {
    const state = await this.#open(key)
    return state.update((draft) => {
      const { last } = draft
      draft.last = token
      draft.count += 1
      return last
    })
  }

  async last(key: string): Promise<string | null> {
    const state = await this.#open(key)
    await state.refresh()
    return state.value.last
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close()
  }

  async #open(key: string): Promise<State<z.output<typeof list>>> {
    const known = this.#states.get(key)
    if (known !== undefined) return known
    const state = await this.#store.open(key, { schema: list, initial: emptyList })
    this.#states.set(key, state)
    return state
  }
}
