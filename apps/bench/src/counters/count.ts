import type { State, Store } from 'holdfast'
import { z } from 'zod'

/** The smallest state that several processes can disagree on. */
export interface Count {
  value: number
}

/** Opens the count called `name`, which begins at 0. */
export function openCount(store: Store, name: string): Promise<State<Count>> {
  return store.open(name, {
    schema: z.object({ value: z.int() }),
    initial: () => ({ value: 0 }),
  })
}

/** Adds one. */
export function raise(state: State<Count>): Promise<void> {
  return state.update((draft) => void draft.value++)
}
