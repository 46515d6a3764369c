import type { Contender } from '../contender.ts'
import { createArrivals, createFills, type Ledger, type Workload } from '../workload.ts'
import { openJournal, type JournalKind } from './open-journal.ts'

/** Holdfast's journal: one update of two fields of an order. */
export const journal: Contender = journalOf('holdfast journal', createFills)

/** Holdfast's journal: one update that adds or removes an order. */
export const journalArrivals: Contender = journalOf('holdfast journal', createArrivals)

/** Holdfast's journal: an operation is 64 updates that are made at once. */
export const journalBatchOf64: Contender = journalOf('holdfast journal, 64', createFills, 64)

/** The lockfile backend, where nobody else is: one update of two fields of an order. */
export const lockfileAlone: Contender = journalOf('holdfast lockfile', createFills, 1, {
  backend: 'lockfile',
})

/** {@link journal} with the promise that packages make which sync nothing, or no directory. */
export const journalForKills: Contender = {
  ...journalOf('holdfast journal, process', createFills, 1, {
    backend: 'journal',
    durability: 'process',
  }),
  survives: 'kill',
}

function journalOf(
  name: string,
  createWorkload: (ledger: Ledger) => Workload,
  updates = 1,
  kind: JournalKind = { backend: 'journal' },
): Contender {
  return {
    name,
    survives: 'power cut',
    async open(directory, ledger) {
      const workload = createWorkload(ledger)
      const { state, close } = await openJournal(directory, () => ledger, kind)
      return {
        async commit(step) {
          const made: Promise<void>[] = []
          for (let index = step * updates; index < (step + 1) * updates; index++) {
            made.push(state.update((draft) => workload.change(draft, index)))
          }
          await Promise.all(made)
        },
        close,
      }
    },
  }
}
