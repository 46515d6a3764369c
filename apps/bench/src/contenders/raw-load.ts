import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { ledgerSchema } from '../workload.ts'

/** Reading the same document by hand. */
export const rawLoading: Contender = {
  name: 'readFile + JSON.parse + schema',
  survives: '',
  async open(directory, ledger) {
    const path = join(directory, 'ledger.json')
    await writeFile(path, JSON.stringify(ledger))
    return {
      async commit() {
        ledgerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
      },
      close: async () => {},
    }
  },
}
