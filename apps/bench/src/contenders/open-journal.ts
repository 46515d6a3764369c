import { openStore } from 'holdfast'
import type { Ledger } from '../workload.ts'
import { ledgerSchema } from '../workload.ts'

/** What is asked of a store; the rest is at its default. */
export interface JournalKind {
  readonly backend: 'journal' | 'lockfile'
  readonly durability?: 'power' | 'process'
}

/** Opens the ledger of a journal store as users do. */
export async function openJournal(
  directory: string,
  initial: () => Ledger,
  kind: JournalKind = { backend: 'journal' },
) {
  const store = await openStore({ ...kind, directory })
  const state = await store.open('ledger', { schema: ledgerSchema, initial })
  return { state, close: () => store.close() }
}
