import type { Version } from '@holdfast/core'
import { openAppendFile } from '@holdfast/fs'
import { encodedClosing, type EncodedRecord, type EpochFile } from './epoch-file.ts'
import type { Journal } from './journal.ts'
import { notOwnerError } from './journal-error.ts'
import { helpNextEpoch } from './next-epoch.ts'
import { openNewestEpoch } from './open-epoch.ts'

/** How often a seal may be torn, or another writer come first, before the disk is to blame. */
const mostAttempts = 100

/**
 * Brings a journal whose flush failed into a new epoch: a new file, written whole and synced. The seal
 * of the old one need not survive a power cut, since without it the old epoch is still the lower
 * one; so it is appended without a flush, which could only fail again, or lie.
 */
export async function rollOver(journal: Journal): Promise<void> {
  const { place } = journal
  await journal.drop()
  const file = await openNewestEpoch(place, {})
  if (file !== null) {
    await using opened = file
    opened.requireSound()
    for (let attempt = 1; ; attempt++) {
      const { standing, closed } = opened.replay
      if (closed !== null || standing === null) break
      if (attempt > mostAttempts) throw new Error(`${mostAttempts} seals were torn or came late`)
      const { owner } = standing
      if (owner !== null && owner !== journal.writer) throw notOwnerError(place, owner)
      const { fileSystem, files } = place.context
      const { line } = closingOf(journal, opened, standing.version)
      await using appender = await openAppendFile(fileSystem, opened.path, { environment: files })
      // The newline first: the failed append may have left a piece of a line.
      await appender.append(Buffer.concat([Buffer.from(' \n'), line]))
      await opened.look()
    }
    if (opened.replay.closed !== null) await helpNextEpoch(journal, opened)
  }
  journal.isPoisoned = false
}

/** What closes `file` and lets the next epoch go on; a state that was removed begins anew once more. */
function closingOf({ place, writer }: Journal, file: EpochFile, version: Version): EncodedRecord {
  const { environment } = place.context
  const [at, id] = [new Date(environment.now()).toISOString(), environment.token()]
  const envelope = { base: version, at, writer, id }
  const next = file.number + 1
  return version === 0
    ? encodedClosing({ ...envelope, kind: 'reset', version, reset: next })
    : encodedClosing({ ...envelope, kind: 'seal', version: version + 1, seal: next })
}
