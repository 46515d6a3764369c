import { openStore } from 'holdfast'
import type { Ledger } from '../workload.ts'
import { ledgerSchema } from '../workload.ts'

/** Opens the ledger of a journal store as users do: every option at its default. */
export async function openJournal(
  directory: string,
  initial: () => Ledger,
  backend: 'journal' | 'lockfile' = 'journal',
) {
  const store = await openStore({ backend, directory })
  const state = await store.open('ledger', { schema: ledgerSchema, initial })
  return { state, close: () => store.close() }
}
