import { join } from 'node:path'
import save from 'write-file-atomic'
import type { Contender } from '../contender.ts'
import { createFills, ledgerText } from '../workload.ts'

/** npm's own atomic write; it syncs the file, but not the directory that names it. */
export const writeFileAtomic: Contender = {
  name: 'write-file-atomic',
  survives: 'kill',
  isHeavy: true,
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const target = join(directory, 'ledger.json')
    return {
      commit(step) {
        fills.change(ledger, step)
        return save(target, ledgerText(ledger), { mode: 0o600 })
      },
      close: async () => {},
    }
  },
}
