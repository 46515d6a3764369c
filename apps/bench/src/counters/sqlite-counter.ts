import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import type { CounterKind } from './counter.ts'

const busyTimeoutMs = 60_000

/** node:sqlite as its documentation tells several writers to use it, at settings that survive a power cut. */
export const sqliteCounter: CounterKind = {
  name: 'node:sqlite',
  async open(directory) {
    const db = new DatabaseSync(join(directory, 'counter.db'), { timeout: busyTimeoutMs })
    // The busy timeout does not cover this one: whoever comes while another does it is refused at once.
    await untilDone(() => db.exec('PRAGMA journal_mode = WAL'))
    db.exec('PRAGMA synchronous = FULL')
    db.exec('BEGIN IMMEDIATE')
    db.exec('CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, value INTEGER) STRICT')
    db.exec('INSERT OR IGNORE INTO counter VALUES (1, 0)')
    db.exec('COMMIT')
    const find = db.prepare('SELECT value FROM counter WHERE id = 1')
    const store = db.prepare('UPDATE counter SET value = ? WHERE id = 1')
    const value = (): number => Number(find.get()?.['value'])
    return {
      async increment() {
        db.exec('BEGIN IMMEDIATE')
        store.run(value() + 1)
        db.exec('COMMIT')
      },
      read: async () => value(),
      close: async () => db.close(),
    }
  },
}

async function untilDone(run: () => void): Promise<void> {
  const endMs = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      return run()
    } catch (error) {
      if (!isBusy(error) || performance.now() > endMs) throw error
      await setTimeout(5)
    }
  }
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
