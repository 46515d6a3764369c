import { openStore, type State, type Store } from 'holdfast'
import { z } from 'zod'

const ledger = z.object({ marks: z.record(z.string(), z.int()) })

/** A state that holds each mark that was ever put into it, and how many there were before. */
export class Ledger implements AsyncDisposable {
  readonly #store: Store
  readonly #state: State<z.output<typeof ledger>>

  private constructor(store: Store, state: State<z.output<typeof ledger>>) {
    this.#store = store
    this.#state = state
  }

  static async open(url: string): Promise<Ledger> {
    const store = await openStore(url)
    return new Ledger(
      store,
      await store.open('ledger', { schema: ledger, initial: () => ({ marks: {} }) }),
    )
  }

  /** The marks, first one first. */
  get marks(): readonly string[] {
    const { marks } = this.#state.value
    return Object.keys(marks).toSorted((a, b) => (marks[a] ?? 0) - (marks[b] ?? 0))
  }

  async put(mark: string): Promise<void> {
    await this.#state.update((draft) => {
      draft.marks[mark] = Object.keys(draft.marks).length
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close()
  }
}
