import { hasCode, isTransientOpen, withRetries } from '@holdfast/fs'
import { EpochFile } from './epoch-file.ts'
import { epochsIn, isSetAside } from './epoch-name.ts'
import type { ReplayListener } from './epoch-replay.ts'
import { damageError } from './journal-error.ts'
import type { JournalPlace } from './journal-place.ts'

/** The epochs that are there, lowest first; none where there is no journal. */
export async function listEpochs(place: JournalPlace): Promise<number[]> {
  try {
    const names = await place.context.fileSystem.readdir(place.path)
    const epochs = epochsIn(names)
    const setAside = epochs.length === 0 ? names.find(isSetAside) : undefined
    if (setAside === undefined) return epochs
    const reason = `every epoch is gone, although ${setAside} is there, and remove() would have left one`
    throw damageError(place, { kind: 'damaged', reason, offset: 0 })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/**
 * Opens the current epoch, the highest-numbered one (R4), and reads it; null where there is none.
 *
 * The directory is listed twice. A helper that was stalled for long can put an old number in its
 * place again, after that epoch was removed, but only when a higher one exists. So what is still
 * the highest after it was opened is the real one, and from then on its own contents decide.
 */
export async function openNewestEpoch(
  place: JournalPlace,
  listener: ReplayListener,
): Promise<EpochFile | null> {
  for (;;) {
    const newest = (await listEpochs(place)).at(-1)
    if (newest === undefined) return null
    const file = await openEpoch(place, newest, listener)
    if (file === null) continue
    try {
      if ((await listEpochs(place)).at(-1) === newest && (await file.look())) return file
    } catch (error) {
      await file.close()
      throw error
    }
    await file.close()
  }
}

/** Opens epoch `number`, and reads nothing yet; null where it is gone. */
export async function openEpoch(
  place: JournalPlace,
  number: number,
  listener: ReplayListener,
): Promise<EpochFile | null> {
  const { fileSystem, files: environment } = place.context
  const path = place.epochPath(number)
  try {
    const flags = { access: 'read', noFollow: true } as const
    const reader = await withRetries(() => fileSystem.open(path, flags), {
      environment,
      path,
      syscall: 'open',
      isTransient: isTransientOpen,
    })
    return new EpochFile(place, number, reader, listener)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}
