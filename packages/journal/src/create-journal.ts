import type { CommitResult, PendingChange } from '@holdfast/core'
import { HoldfastError } from '@holdfast/core'
import { ensureDirectory, readWhole, type StagedFile } from '@holdfast/fs'
import { encodeHead } from './epoch-head.ts'
import { EpochReplay } from './epoch-replay.ts'
import type { Journal } from './journal.ts'
import { unknownOutcome, unsupportedSyncError } from './journal-error.ts'
import type { JournalPlace } from './journal-place.ts'
import { linkEpoch, prune, stageBytes, swept } from './next-epoch.ts'
import { listEpochs } from './open-epoch.ts'

const firstEpoch = 1

/**
 * Makes the first epoch, with the document after `change` as its snapshot: version 1. Nothing is
 * created before that, and it appears whole.
 */
export async function createJournal(
  journal: Journal,
  change: PendingChange,
): Promise<CommitResult> {
  const { place } = journal
  const bytes = firstLine(journal, change)
  await makeDirectory(place)
  // Before anything is in place: whether it can be made durable at all.
  await journal.syncDirectory(0)
  const staged = await stageBytes(place, firstEpoch, bytes)
  let isFirstOne: boolean
  try {
    const isLinked = await linkEpoch(place, staged.path, firstEpoch)
    isFirstOne = isLinked && (await isSettled(journal, staged))
  } catch (error) {
    await staged.discard().catch(() => null) // the first error tells what happened
    throw error
  }
  await tidyUp(place, staged)
  if (!isFirstOne) return lost(journal)
  await show(journal)
  journal.lifeShown = 0
  if (journal.claim !== null) journal.claim.isRecorded = true
  return { committed: true }
}

function firstLine({ place, claim }: Journal, change: PendingChange): Buffer {
  const { version, schema, at, writer } = change
  const head = { epoch: firstEpoch, name: place.name, version, schema, at, writer }
  const data = documentOf(place, change)
  const line = encodeHead({ ...head, owner: claim?.owner ?? null, life: 0 }, data)
  // UTF-8 has no bytes for half of a surrogate pair and would hold U+FFFD instead; JSON has an escape.
  if (line.includes('\ufffd') && /\p{Surrogate}/u.test(data)) {
    throw refusal(place, 'the document holds half of a surrogate pair')
  }
  return line
}

function documentOf(place: JournalPlace, change: PendingChange): string {
  try {
    return change.document()
  } catch (error) {
    if (HoldfastError.is(error) && error.committed === false) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw refusal(place, `the document could not be made: ${message}`, error)
  }
}

function refusal({ name, path }: JournalPlace, reason: string, cause?: unknown): HoldfastError {
  const message = `The state ${JSON.stringify(name)} could not be committed to ${path}: ${reason}. Nothing was written.`
  return new HoldfastError('INVALID', message, { state: name, cause, committed: false })
}

async function makeDirectory(place: JournalPlace): Promise<void> {
  const { context, isPower, path, parent } = place
  const { fileSystem } = context
  if (!place.options.createDirectory) await fileSystem.stat(parent)
  const { durability } = await ensureDirectory(fileSystem, path, {
    mode: 0o700,
    durable: isPower,
    environment: context.files,
  })
  if (!isPower || durability === 'power' || fileSystem.platform === 'win32') return
  throw unsupportedSyncError(place, parent)
}

/** The epoch is in place: an error from here on does not say that it is not. */
async function isSettled(journal: Journal, staged: StagedFile): Promise<boolean> {
  try {
    await journal.syncDirectory(firstEpoch)
    return await isFirst(journal.place, staged)
  } catch (error) {
    throw unknownOutcome(journal.place, error)
  }
}

/**
 * Whether the file that was just linked is where the sequence began. That the number was free is not
 * enough: while this process was stalled, others may have made epoch 1, gone on to higher ones, and
 * removed it. But then a higher one exists, since the highest is never removed; and the file that
 * was really the first has been closed by then, which a stray, that nobody reads, never is.
 */
async function isFirst(place: JournalPlace, staged: StagedFile): Promise<boolean> {
  if ((await listEpochs(place)).at(-1) === firstEpoch) return true
  const bytes = await readWhole(place.context.fileSystem, staged.path)
  const replay = new EpochReplay({ name: place.name, epoch: firstEpoch })
  if (bytes !== null) replay.feed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  return replay.closed !== null
}

/** What stays costs room, and no commit: a later prune tries again. */
async function tidyUp(place: JournalPlace, staged: StagedFile): Promise<void> {
  try {
    await staged.discard()
    await prune(place, firstEpoch)
  } catch (error) {
    swept.publish({ path: place.path, removed: [], failed: [{ path: place.path, error }] })
  }
}

/** The change is in place: that it cannot be read now is told to whoever asks next. */
async function show(journal: Journal): Promise<void> {
  try {
    await journal.reopen()
  } catch {
    journal.file = null
  }
}

async function lost(journal: Journal): Promise<CommitResult> {
  await journal.advance()
  return { committed: false, newest: journal.version }
}
