import { openStore } from 'holdfast'
import type { Contender } from '../contender.ts'
import { createFills, ledgerSchema } from '../workload.ts'

/** Holdfast's file backend as users get it: every option at its default. */
export const fileBackend: Contender = {
  name: 'holdfast file',
  survives: 'power cut',
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const store = await openStore({ backend: 'file', directory })
    const state = await store.open('ledger', { schema: ledgerSchema, initial: () => ledger })
    return {
      commit: (step) => state.update((draft) => fills.change(draft, step)),
      close: () => store.close(),
    }
  },
}
