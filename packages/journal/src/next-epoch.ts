import { join } from 'node:path'
import { channel, type Channel } from 'node:diagnostics_channel'
import { hasCode, stageFile, sweepTemporaries, type StagedFile } from '@holdfast/fs'
import type { EpochFile } from './epoch-file.ts'
import { encodeHead } from './epoch-head.ts'
import { epochsIn, temporaryTarget } from './epoch-name.ts'
import { unsupportedLinkError, unsupportedSyncError } from './journal-error.ts'
import type { Journal } from './journal.ts'
import type { JournalPlace } from './journal-place.ts'
import { successorOf, type EpochStart } from './successor.ts'

/** Tells what crashed writers left and what became of it. */
export const swept: Channel = channel('holdfast:sweep')

/** Makes the epoch after `file`, which is closed, unless somebody else was faster. */
export async function helpNextEpoch(journal: Journal, file: EpochFile): Promise<void> {
  const start = await successorOf(journal.place, file)
  const staged = await stageEpoch(journal.place, start)
  await publishEpoch(journal, staged, start.head.epoch)
  // Of a state that was removed nothing is kept.
  if (start.data === undefined) await prune(journal.place, start.head.epoch)
}

/** Writes the first line of an epoch to a temporary, whole and synced. */
export async function stageEpoch(place: JournalPlace, start: EpochStart): Promise<StagedFile> {
  const data = start.data === undefined ? null : JSON.stringify(start.data)
  return stageBytes(place, start.head.epoch, encodeHead(start.head, data))
}

/** Writes `bytes` to a temporary for epoch `number`, whole and synced. */
export async function stageBytes(
  place: JournalPlace,
  number: number,
  bytes: Uint8Array,
): Promise<StagedFile> {
  const { context, options } = place
  const { durability, mode = 0o600 } = options
  const path = place.epochPath(number)
  const staged = await stageFile(context.fileSystem, path, bytes, {
    mode,
    durability,
    existing: null,
    environment: context.files,
  })
  if (durability === staged.durability || !place.isPower) return staged
  await staged.discard()
  throw unsupportedSyncError(place, path)
}

/**
 * Puts `staged` in place as epoch `number`, unless that is there: then somebody else did it, with the
 * same content. Afterwards the epoch survives a power cut, and only then older ones are removed.
 */
export async function publishEpoch(
  journal: Journal,
  staged: { readonly path: string; discard(): Promise<void> },
  number: number,
): Promise<void> {
  try {
    await linkEpoch(journal.place, staged.path, number)
  } finally {
    await staged.discard().catch(() => null) // it takes no room, and is removed later
  }
  await journal.syncDirectory(number)
  await prune(journal.place, number - journal.place.options.keep)
}

/** Whether epoch `number` is now the file at `path`; false where the number was taken. */
export async function linkEpoch(
  place: JournalPlace,
  path: string,
  number: number,
): Promise<boolean> {
  try {
    await place.context.fileSystem.link(path, place.epochPath(number))
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) {
      throw unsupportedLinkError(place, error)
    }
    throw error
  }
}

/**
 * Removes the epochs below `lowest`, lowest first, so that what is there never has a gap but for
 * strays; and what crashed writers left.
 */
export async function prune(place: JournalPlace, lowest: number): Promise<void> {
  const names = await place.context.fileSystem.readdir(place.path)
  for (const number of epochsIn(names)) {
    if (number < lowest) await unlinkIfThere(place, place.epochPath(number))
  }
  await sweepLeftovers(place, names)
}

/** Removes what crashed writers left, once a handle: it costs room, and no commit waits for it. */
export async function sweepOnce(place: JournalPlace): Promise<void> {
  const { path, context } = place
  try {
    await sweepLeftovers(place, await context.fileSystem.readdir(path))
  } catch (error) {
    swept.publish({ path, removed: [], failed: [{ path, error }] })
  }
}

async function sweepLeftovers(place: JournalPlace, names: readonly string[]): Promise<void> {
  const { fileSystem, instance, files } = place.context
  const targets = new Set(names.map(temporaryTarget).filter((target) => target !== null))
  for (const target of targets) {
    const path = join(place.path, target)
    const result = await sweepTemporaries(fileSystem, path, instance, files)
    if (result.removed.length + result.failed.length > 0) swept.publish({ path, ...result })
  }
}

async function unlinkIfThere(place: JournalPlace, path: string): Promise<void> {
  try {
    await place.context.fileSystem.unlink(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}
