import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { createFills, ledgerText } from '../workload.ts'

/** The same durable replacement by hand, every step through fs.promises: the measure of the bars. */
export const rawPromises: Contender = {
  name: 'raw fs.promises',
  survives: 'power cut',
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const target = join(directory, 'ledger.json')
    const folder = await open(directory, 'r')
    return {
      async commit(step) {
        fills.change(ledger, step)
        const temporary = `${target}.${step}.tmp`
        const file = await open(temporary, 'wx', 0o600)
        await file.write(ledgerText(ledger))
        await file.sync()
        await file.close()
        await rename(temporary, target)
        await folder.sync()
      },
      close: () => folder.close(),
    }
  },
}
