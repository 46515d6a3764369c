import { closeSync, fsync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Contender } from '../contender.ts'
import { createFills, ledgerText } from '../workload.ts'

const synchronize = promisify(fsync)

/**
 * The floor: what takes microseconds is called on the spot, and only the two fsyncs, which wait for
 * the disk, go to a thread.
 */
export const rawSynchronous: Contender = {
  name: 'raw synchronous',
  survives: 'power cut',
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const target = join(directory, 'ledger.json')
    const folder = openSync(directory, 'r')
    return {
      async commit(step) {
        fills.change(ledger, step)
        const temporary = `${target}.${step}.tmp`
        const file = openSync(temporary, 'wx', 0o600)
        writeSync(file, ledgerText(ledger))
        await synchronize(file)
        closeSync(file)
        renameSync(temporary, target)
        await synchronize(folder)
      },
      close: async () => closeSync(folder),
    }
  },
}
