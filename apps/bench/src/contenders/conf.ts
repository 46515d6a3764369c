import Conf from 'conf'
import type { Contender } from '../contender.ts'
import { createFills, type Ledger } from '../workload.ts'

/** conf: reads the whole document, writes it to a temporary, syncs that and renames it. */
export const conf: Contender = {
  name: 'conf',
  survives: 'kill',
  isHeavy: true,
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const ids = Object.keys(ledger.orders)
    const store = new Conf<Ledger>({ cwd: directory, configName: 'ledger', defaults: ledger })
    return {
      async commit(step) {
        fills.change(ledger, step)
        const id = ids[step % ids.length] ?? ''
        store.set(`orders.${id}`, ledger.orders[id])
      },
      close: async () => {},
    }
  },
}
