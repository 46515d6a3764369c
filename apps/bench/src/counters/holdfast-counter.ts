import { openStore } from 'holdfast'
import { z } from 'zod'
import type { CounterKind } from './counter.ts'

/** The lockfile backend: who loses again and again has a turn. */
export const lockfileCounter: CounterKind = holdfastCounter('lockfile')

/** The journal alone: who loses a race tries again. */
export const journalCounter: CounterKind = holdfastCounter('journal')

function holdfastCounter(backend: 'lockfile' | 'journal'): CounterKind {
  return {
    name: `holdfast ${backend}`,
    async open(directory) {
      const store = await openStore({ backend, directory })
      const state = await store.open('counter', {
        schema: z.object({ value: z.int() }),
        initial: () => ({ value: 0 }),
      })
      return {
        increment: () => state.update((draft) => void draft.value++),
        read: async () => {
          await state.refresh()
          return state.value.value
        },
        close: () => store.close(),
      }
    },
  }
}
