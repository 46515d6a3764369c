import { HoldfastError } from '@holdfast/core'
import { isNoSpace } from '@holdfast/fs'
import type { EncodedRecord, EpochFile } from './epoch-file.ts'
import { unknownOutcome } from './journal-error.ts'
import type { Journal } from './journal.ts'

/**
 * Appends a record, and tells whether it counts: another one may have come first.
 * @throws HoldfastError `OUTCOME_UNKNOWN` where it may stand in the file, and may not be durable; the
 * system's error where there was no room for it.
 */
export async function appendRecord(
  journal: Journal,
  file: EpochFile,
  encoded: EncodedRecord,
): Promise<boolean> {
  try {
    return await journal.append(file, encoded)
  } catch (error) {
    if (HoldfastError.is(error)) throw error
    // No room: the write itself failed, unless the whole line is there; then it was its flush.
    if (isNoSpace(error) && !(await file.hasCounted())) throw error
    if (journal.place.isPower) journal.isPoisoned = true
    throw unknownOutcome(journal.place, error)
  }
}
