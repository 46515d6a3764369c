import type { Change, CommitResult, PendingChange, Version } from '@holdfast/core'
import { appendRecord } from './append-record.ts'
import { recordClaim } from './claim-journal.ts'
import { createJournal } from './create-journal.ts'
import type { EncodedRecord, EpochFile } from './epoch-file.ts'
import type { Standing } from './epoch-replay.ts'
import { notOwnerError, systemFailure } from './journal-error.ts'
import { encodeChange } from './journal-record.ts'
import type { Journal } from './journal.ts'
import { settleRecovery } from './recover.ts'

/*
 * The commit path. The current epoch is the highest-numbered file; its lines, by the rules of
 * `EpochReplay`, say which version is the newest.
 *
 * Invariants:
 *  1. The rules look at nothing but the bytes of one file, which only grows: whatever has counted once
 *     counts for every reader, and for ever.
 *  2. A change is acknowledged only after its own line was found to count, by these same rules, and the
 *     line was flushed, with everything before it. That it lost is told after a flush as well: what came
 *     first has to last, or it would count after all.
 *  3. Nothing is shown that would not survive a power cut: what others wrote is flushed first, and so is
 *     the name of an epoch that another process has put in place. What is not flushed yet may be built
 *     on, in the same file: then the record names the newest version that is.
 *  4. An epoch is closed before the next one is put in place, and after that no record in it counts.
 *     So a process that was stalled for however long can only write what nobody counts.
 *  5. The highest number is never removed and never used twice: an old number that a stalled process
 *     puts in place again is a stray, below the current epoch, and nobody reads it.
 *  6. The next epoch is written before the seal, as the version that the seal takes: a full disk leaves
 *     behind a temporary, and no closed epoch that nothing can follow.
 *
 * What a crash leaves behind:
 *  in the middle of an append      a piece of a line; the next append closes it off
 *  after an append                 the change, or after a power cut none of it; nobody was told
 *  while the next epoch is staged  a temporary, which a later process sweeps
 *  after the seal                  a closed epoch; the next commit puts its successor in place
 *  after the link                  the next epoch, perhaps not durable; who builds on it syncs it first
 */

/** How often a line may be glued to what others could not finish, before the disk is to blame. */
const mostTornAppends = 100

/**
 * Makes the change the one that follows its base, or says which version is the newest. Every error
 * says by `committed` whether the change is in place.
 */
export async function commitChange(journal: Journal, change: PendingChange): Promise<CommitResult> {
  journal.writer = change.writer
  try {
    for (let attempt = 1; attempt <= mostTornAppends; attempt++) {
      const result = await attemptCommit(journal, change)
      if (result !== null) return result
    }
    throw new Error(`${mostTornAppends} appends were torn`)
  } catch (error) {
    throw systemFailure(error, journal.place, 'could not be committed', false)
  }
}

/** Null where it has to be tried again. */
async function attemptCommit(
  journal: Journal,
  change: PendingChange,
): Promise<CommitResult | null> {
  const { base } = change
  const isRecovered = journal.recovered !== null && (await settleRecovery(journal, base))
  let { file } = journal
  // Where others write too, a look is cheaper than a line that does not count.
  if (file?.hasCompany === true) await file.look()
  if (file === null || journal.isPoisoned || isRecovered || !isAt(journal, file, base)) {
    file = await journal.advance()
    if (file === null) {
      if (base !== 0) return { committed: false, newest: 0 }
      return createJournal(journal, change)
    }
    if (!isAt(journal, file, base)) {
      requireOwner(journal, file)
      return { committed: false, newest: journal.version }
    }
  }
  if (!journal.isEpochDurable) await journal.makeDurable()
  const { standing } = file.replay
  if (standing === null) return null
  if (mustClaim(journal, standing)) {
    const { claim } = journal
    if (claim !== null) claim.isRecorded = await recordClaim(journal, file, claim.owner)
    return { committed: false, newest: journal.version }
  }
  requireMayWrite(journal, standing, change)
  if (
    !(await appendRecord(
      journal,
      file,
      encoded(change, standing.schema, journal.place.isPower ? file.durableVersion : base),
    ))
  )
    return null
  journal.lifeShown = journal.life
  if (file.hasCompany) await lookAhead(file)
  return { committed: true }
}

/**
 * Who is not alone looks what came while it waited for the disk: so the next change begins on what is
 * there. The commit is in place: what is wrong with the file is for the next call to say.
 */
async function lookAhead(file: EpochFile): Promise<void> {
  try {
    await file.look()
  } catch {
    // as said above
  }
}

/** Whether a change on `base` can follow what is known of the epoch. */
function isAt(journal: Journal, file: EpochFile, base: number): boolean {
  if (file.replay.closed !== null || file.replay.damage !== null) return false
  if (journal.version !== base) return false
  return base === 0 || journal.lifeShown === null || journal.lifeShown === journal.life
}

/**
 * Whether a claim that could not be recorded when it was made has to be now. At version 0 there is
 * nothing to own: the document comes first.
 */
function mustClaim({ claim }: Journal, { version }: Standing): boolean {
  if (claim === null) return false
  if (version === 0) claim.isRecorded = false
  return !claim.isRecorded && version > 0
}

/** @throws HoldfastError `OWNERSHIP_LOST`. */
function requireMayWrite({ claim, place }: Journal, standing: Standing, change: Change): void {
  const { owner, version } = standing
  const isOwner = owner === change.writer
  if (claim === null || version === 0) {
    if (owner !== null && !isOwner) throw notOwnerError(place, owner)
  } else if (!isOwner) throw notOwnerError(place, owner)
}

/**
 * A conflict says "try again on what is there now"; an owner that was replaced need not.
 * @throws HoldfastError `OWNERSHIP_LOST`.
 */
function requireOwner({ claim, place }: Journal, { replay }: EpochFile): void {
  const { standing } = replay
  if (claim === null || !claim.isRecorded || standing === null || standing.version === 0) return
  if (standing.owner !== claim.owner) throw notOwnerError(place, standing.owner)
}

function encoded(change: PendingChange, schemaBefore: number, durable: Version): EncodedRecord {
  const { base, version, at, writer, id, schema, patches } = change
  const raised = schema === schemaBefore ? {} : { schema }
  const ahead = durable < base ? { synced: durable } : {}
  const own = { kind: 'patches', base, version, at, writer, id, patches } as const
  const record = schema === schemaBefore && durable === base ? own : { ...own, ...raised, ...ahead }
  return { record, line: encodeChange(record) }
}
