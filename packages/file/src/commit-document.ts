import { channel } from 'node:diagnostics_channel'
import { setImmediate as immediate } from 'node:timers/promises'
import type { CommitResult, PendingChange } from '@holdfast/core'
import {
  stageFile,
  type CommitLock,
  type Directory,
  type FileStat,
  type StagedFile,
} from '@holdfast/fs'
import { acquireLock, releaseLock } from './acquire-lock.ts'
import { corruptError } from './corrupt-error.ts'
import {
  foreignChangeError,
  newerFormatError,
  systemFailure,
  unsupportedSyncError,
} from './file-error.ts'
import { identityOf, isSameFile } from './file-identity.ts'
import { findGenerations } from './find-generations.ts'
import type { Undo } from './generations.ts'
import { look, subjectOf } from './look.ts'
import { openStateDirectory, syncDirectory } from './open-directory.ts'
import { readDocument, statFile } from './read-document.ts'
import { setAside } from './set-aside.ts'
import type { Handle, Seen, StateFile } from './state-file.ts'

/*
 * The commit path. The target is the state's file; staged is the new document, whole and under a
 * temporary name; seen is what this process last read or wrote.
 *
 * Invariants:
 *  1. The target is at every instant one whole document: it changes by a rename alone.
 *  2. What a rename publishes has been written, verified in size, synced (power) and closed before.
 *  3. Nothing is overwritten that this process has not seen: between the comparison of the target
 *     with seen and the rename no other committer can come, because both are done under one lock.
 *  4. Before the rename every failure leaves target and generations as they were, and no temporary.
 *  5. After the rename nothing is taken back: an error then says `committed: true`, and seen is the
 *     new document already, so that the next commit builds on it.
 *
 * The sequence, and what a crash after each step leaves:
 *  a. stage, lock              target old; a temporary, which a later process sweeps, and the lock of a
 *                              dead owner, which the next commit takes over
 *  b. compare                  the same
 *  c. set damaged bytes aside  only after `onCorrupt: 'previous'`; target still damaged, its bytes twice
 *  d. rotate                   target old, and generation 1 the same file; the next rotation sees that
 *  e. rename                   target new; after a power cut perhaps old, with the generations of d
 *  f. sync the directory       target new, durably; the lock is given back meanwhile
 *  g. prune                    after the acknowledgement; a generation more than `keep`, which the next
 *                              commit removes
 */

/** A change, and the bytes of the file that it makes. */
export interface EncodedChange {
  readonly change: PendingChange
  readonly bytes: Uint8Array
  readonly fingerprint: string
}

interface Attempt extends EncodedChange {
  readonly file: StateFile
  readonly handle: Handle
  readonly seen: Seen
  isPublished: boolean
  /** What an error means that comes now. */
  action: string
}

/**
 * Makes the change the one that follows its base, or says which version is the newest. Has to run in
 * turn. Every error says by `committed` whether the change is in place.
 */
export async function commitDocument(
  file: StateFile,
  handle: Handle,
  encoded: EncodedChange,
): Promise<CommitResult> {
  let attempt: Attempt | null = null
  try {
    const seen = file.seen ?? (await look(file, handle)).seen
    if (!file.isAt(handle, seen, encoded.change.base)) {
      return { committed: false, newest: seen.version }
    }
    attempt = { ...encoded, file, handle, seen, isPublished: false, action: notCommitted }
    await commit(attempt)
    return { committed: true }
  } catch (error) {
    const { action = notCommitted, isPublished = false } = attempt ?? {}
    throw systemFailure(error, subjectOf(file, handle), action, isPublished)
  } finally {
    if (attempt?.isPublished === true) {
      file.hintOthers(handle)
      void file.inTurn(() => pruneAfterwards(file, handle))
    }
  }
}

const notCommitted = 'could not be committed'

const pruneFailed = channel('holdfast:prune-failed')

async function commit(attempt: Attempt): Promise<void> {
  const { file, handle } = attempt
  const { durability } = handle.options
  const directory = await openStateDirectory(file, handle)
  const { staged, lock } = await stageAndLock(attempt)
  try {
    if (durability === 'power' && staged.durability !== 'power') {
      throw unsupportedSyncError(subjectOf(file, handle), file.target.path)
    }
    await publish(attempt, staged, directory)
  } catch (error) {
    await releaseLock(file, lock).catch(() => null) // the first error is the one that tells what happened
    await staged.discard().catch(() => null) // likewise
    throw error
  }
  const [synced, released] = await Promise.allSettled([
    durability === 'power' ? syncDirectory(file, handle, directory) : null,
    releaseMeanwhile(attempt, lock),
  ])
  attempt.action = 'was committed, but may not survive a power cut'
  if (synced.status === 'rejected') throw synced.reason
  attempt.action = 'was committed, but its lock could not be released'
  if (released.status === 'rejected') throw released.reason
}

/** Steps a and b: while a thread waits for the sync of the temporary, this one takes the lock. */
async function stageAndLock(attempt: Attempt): Promise<{ staged: StagedFile; lock: CommitLock }> {
  const { file, handle, bytes } = attempt
  const { durability, mode } = handle.options
  const { fileSystem, files: environment } = file.context
  const staging = stageFile(fileSystem, file.target.path, bytes, { durability, mode, environment })
  const lockMeanwhile = async (): Promise<CommitLock> => {
    await (durability === 'power' ? immediate() : staging)
    return acquireLock(file, handle)
  }
  const [staged, lock] = await Promise.allSettled([staging, lockMeanwhile()])
  // What was reached is given back; the first error is the one that tells what happened.
  if (staged.status === 'rejected') {
    if (lock.status === 'fulfilled') await releaseLock(file, lock.value).catch(() => null)
    throw staged.reason
  }
  if (lock.status === 'rejected') {
    await staged.value.discard().catch(() => null)
    throw lock.reason
  }
  return { staged: staged.value, lock: lock.value }
}

/** While a thread waits for the sync of the directory, this one gives the lock back. */
async function releaseMeanwhile({ file, handle }: Attempt, lock: CommitLock): Promise<void> {
  if (handle.options.durability === 'power') await immediate()
  await releaseLock(file, lock)
}

async function publish(attempt: Attempt, staged: StagedFile, directory: Directory): Promise<void> {
  const { file, handle, change, fingerprint } = attempt
  const current = await requireUnchanged(attempt)
  const undo = await preserve(attempt, current, directory)
  try {
    await staged.publish()
  } catch (error) {
    await undo().catch(() => null) // the first error is the one that tells what happened
    throw error
  }
  attempt.isPublished = true
  file.seen = {
    content: handle.options.envelope ? 'envelope' : 'bare',
    identity: identityOf(staged.stat),
    fingerprint,
    version: change.version,
    schema: change.schema,
    savedAt: change.at,
    writer: change.writer,
    damaged: [],
  }
  handle.life = file.life
}

/**
 * The target's stat, given that the target is what was last seen; a file that was only touched, or put
 * back as it was, counts as that.
 * @throws HoldfastError `CONFLICT`, `CORRUPT`, `NEWER_SCHEMA`: what there is in its place.
 */
async function requireUnchanged({ file, handle, seen }: Attempt): Promise<FileStat | null> {
  const { context, target } = file
  const stat = await statFile(context.fileSystem, target.path)
  if (isSameFile(stat === null ? null : identityOf(stat), seen.identity)) return stat
  const found = await readDocument(context, target.path, handle.name)
  if (found !== null && found.fingerprint === seen.fingerprint) return stat
  const subject = subjectOf(file, handle)
  if (found?.inspection.kind === 'newer') throw newerFormatError(subject, found.inspection.format)
  if (found?.inspection.kind === 'damaged') {
    const { verified } = await findGenerations(file, handle)
    throw corruptError({ ...subject, damage: found.inspection, verified })
  }
  throw foreignChangeError(subject, found)
}

/** Keeps what the rename is about to replace; gives what takes that back. */
async function preserve(
  { file, handle, seen }: Attempt,
  current: FileStat | null,
  directory: Directory,
): Promise<Undo> {
  const { context, target, generations } = file
  const { keep, durability, envelope } = handle.options
  const isOriginal = seen.content === 'bare' && envelope
  let undo: Undo = nothingToUndo
  if (seen.content === 'recovered') {
    await setAside(context, target, seen.damaged, durability)
    generations.forget()
    file.seen = { ...seen, damaged: [] }
  } else if (current !== null && (keep > 0 || isOriginal)) {
    undo = await generations.rotate(current, durability)
    generations.firstIsOriginal = isOriginal
  }
  // These bytes stand nowhere else: a power cut must not leave the new document alone.
  if (durability === 'power' && (isOriginal || seen.damaged.length > 0)) {
    await syncDirectory(file, handle, directory)
  }
  return undo
}

const nothingToUndo: Undo = () => Promise.resolve()

/**
 * Step g, in a turn of its own: to free a file can take as long as a sync, and the caller, whose change
 * is durable, need not wait for it. A failure is told, and the next commit tries again.
 */
async function pruneAfterwards(file: StateFile, handle: Handle): Promise<void> {
  await immediate()
  try {
    await prune(file, handle)
  } catch (error) {
    pruneFailed.publish({ path: file.target.path, error })
  }
}

/**
 * Removes generations above `keep`. With `keep: 0` the document that was found without an envelope
 * stays all the same: it is another program's, and this is its only copy.
 */
async function prune(file: StateFile, handle: Handle): Promise<void> {
  const { context, generations, target } = file
  const { keep, envelope } = handle.options
  let spared: number | null = null
  if (keep === 0 && envelope && (await generations.list()).includes(1)) {
    if (generations.firstIsOriginal === null) {
      const first = await readDocument(context, target.generation(1), handle.name)
      generations.firstIsOriginal = first?.inspection.kind === 'bare'
    }
    if (generations.firstIsOriginal) spared = 1
  }
  await generations.prune(keep, spared)
}
