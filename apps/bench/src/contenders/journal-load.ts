import type { Contender } from '../contender.ts'
import { createFills } from '../workload.ts'
import { openJournal } from './open-journal.ts'

/** Holdfast's journal: an operation opens the state and closes it again. */
export const journalLoading: Contender = {
  name: 'holdfast journal',
  survives: '',
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const { state, close } = await openJournal(directory, () => ledger)
    await state.update((draft) => fills.change(draft, 0))
    await close()
    return {
      async commit() {
        const opened = await openJournal(directory, () => ledger)
        if (opened.state.version === 0) throw new Error(`nothing was found in ${directory}`)
        await opened.close()
      },
      close: async () => {},
    }
  },
}
