import { join } from 'node:path'
import { Low } from 'lowdb'
import { JSONFile } from 'lowdb/node'
import type { Contender } from '../contender.ts'
import { createFills, type Ledger } from '../workload.ts'

/** lowdb: the whole document to a temporary, renamed, and nothing synced. */
export const lowdb: Contender = {
  name: 'lowdb',
  survives: 'kill',
  isHeavy: true,
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const db = new Low<Ledger>(new JSONFile(join(directory, 'ledger.json')), ledger)
    return {
      commit: (step) => db.update((data) => fills.change(data, step)),
      close: async () => {},
    }
  },
}
