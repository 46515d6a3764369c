import { backendFaults, enumerateFaults, type FaultReport } from '@holdfast/testing'
import type { Backends } from './schedule-campaign.ts'
import { errnosWithLinks, fileSubject, isFileExpected, journalSubject } from './subjects.ts'
import { thoroughWorkload } from './workloads.ts'

/** Lets every call of a work that has everything in it fail in every way. */
export async function faultCampaign(
  { file, journal }: Pick<Backends, 'file' | 'journal'>,
  seed: number,
): Promise<(FaultReport & { readonly name: string })[]> {
  const options = { seed, errnos: errnosWithLinks }
  const steps = thoroughWorkload
  const ofFile = backendFaults({ open: fileSubject(file), steps, isExpected: isFileExpected })
  // A flush that failed is known to the process that saw it, and to no later one: the work does not open
  // the journal a second time (ARCHITECTURE.md, "A flush that fails in one process may go unnoticed").
  const ofJournal = backendFaults({
    open: journalSubject(journal),
    steps: steps.filter(({ kind }) => kind !== 'reopen'),
  })
  return [
    { name: 'file', ...(await enumerateFaults(ofFile, options)) },
    { name: 'journal', ...(await enumerateFaults(ofJournal, options)) },
  ]
}
