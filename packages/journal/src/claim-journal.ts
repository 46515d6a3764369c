import type { EpochFile } from './epoch-file.ts'
import { appendRecord } from './append-record.ts'
import { systemFailure } from './journal-error.ts'
import { encodeMark, type JournalRecord } from './journal-record.ts'
import type { Journal } from './journal.ts'

/** How often other writers may come before a claim. */
const mostAttempts = 1000

/**
 * Puts `next` in the place of the owner `previous`, by a record, if there is something to own; see
 * `OwnableSequence.claim`.
 */
export async function claimJournal(
  journal: Journal,
  next: string | null,
  previous: string | null,
): Promise<boolean> {
  if (next !== null) journal.writer = next
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const file = await soundEpoch(journal)
      if (file === null) {
        journal.claim = next === null ? null : { owner: next, isRecorded: false }
        return true
      }
      const owner = file.replay.standing?.owner ?? null
      if (owner !== previous) return false
      if (!(await recordClaim(journal, file, next))) continue
      journal.claim = next === null ? null : { owner: next, isRecorded: true }
      return true
    }
    throw new Error(`other writers came first ${mostAttempts} times`)
  } catch (error) {
    throw systemFailure(error, journal.place, 'could not be claimed', false)
  }
}

/**
 * Appends the claim of `owner`, and tells whether it counts; another record may have come first. The
 * journal has to have been brought up to date.
 */
export async function recordClaim(
  journal: Journal,
  file: EpochFile,
  owner: string | null,
): Promise<boolean> {
  await journal.makeDurable()
  const { version, writer, place } = journal
  const { environment } = place.context
  const envelope = {
    base: version,
    version: version + 1,
    at: new Date(environment.now()).toISOString(),
    writer: owner ?? writer,
    id: environment.token(),
  }
  const record: JournalRecord = { kind: 'claim', ...envelope, claim: owner }
  return appendRecord(journal, file, { record, line: encodeMark({ ...envelope, claim: owner }) })
}

/** The epoch that a claim can go into, or null where there is nothing to own. */
async function soundEpoch(journal: Journal): Promise<EpochFile | null> {
  const seen = await journal.look()
  const { damage, closed } = seen?.replay ?? {}
  if (damage?.kind === 'damaged' && closed === null) return null
  const file = await journal.advance()
  return journal.version === 0 ? null : file
}
