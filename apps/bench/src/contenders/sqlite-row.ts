import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Contender } from '../contender.ts'
import { createFills } from '../workload.ts'

/** node:sqlite with the whole document in one row, at the settings that survive a power cut. */
export const sqliteRow: Contender = {
  name: 'node:sqlite, one row',
  survives: 'power cut',
  isHeavy: true,
  async open(directory, ledger) {
    const fills = createFills(ledger)
    const db = new DatabaseSync(join(directory, 'ledger.db'))
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('CREATE TABLE state (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT')
    db.prepare('INSERT INTO state VALUES (1, ?)').run(JSON.stringify(ledger))
    const update = db.prepare('UPDATE state SET document = ? WHERE id = 1')
    return {
      async commit(step) {
        fills.change(ledger, step)
        update.run(JSON.stringify(ledger))
      },
      close: async () => db.close(),
    }
  },
}
