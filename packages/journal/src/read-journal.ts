import type { Change, LoadOptions, Snapshot, Version } from '@holdfast/core'
import { DocumentReader } from './document-reader.ts'
import type { EpochFile } from './epoch-file.ts'
import { readChanges } from './epoch-items.ts'
import type { Journal } from './journal.ts'
import { isStillRecovered, recover } from './recover.ts'
import { rollOver } from './roll-over.ts'
import { successorOf } from './successor.ts'

/**
 * The newest document, or null where nothing was ever written. Writes nothing, unless a flush failed.
 * @throws HoldfastError `CORRUPT`, `NEWER_SCHEMA`; the system's error.
 */
export async function loadSnapshot(
  journal: Journal,
  { onCorrupt = 'error', signal }: LoadOptions,
): Promise<Snapshot | null> {
  if (journal.isPoisoned) await rollOver(journal)
  journal.recovered = null
  const reader = new DocumentReader()
  const file = await journal.reopen(reader)
  signal?.throwIfAborted()
  if (file === null) {
    journal.lifeShown = 0
    return null
  }
  const { damage, closed, standing } = file.replay
  if (damage?.kind === 'damaged' && closed === null && onCorrupt === 'previous') {
    const snapshot = await recover(journal, file)
    journal.lifeShown = file.replay.head?.life ?? journal.lifeShown
    return snapshot
  }
  file.requireSound()
  await journal.makeDurable()
  if (closed !== null) return successorSnapshot(journal, file)
  journal.lifeShown = journal.life
  const { data } = reader
  if (standing === null || data === undefined) return null
  const { version, schema, at, writer } = standing
  return { version, schema, data, at, writer }
}

/**
 * What follows `since`: the changes, or the newest snapshot where they are not kept, or belong to
 * another life of the state.
 * @throws as `loadSnapshot`.
 */
export async function readSince(
  journal: Journal,
  since: Version,
): Promise<{ changes: readonly Change[] } | { snapshot: Snapshot }> {
  const file = await journal.look()
  if (file === null) {
    journal.lifeShown = 0
    return { changes: [] }
  }
  const { closed } = file.replay
  if (isStillRecovered(journal, file)) {
    if (since === journal.recovered?.version) return { changes: [] }
    return { snapshot: await recover(journal, file) }
  }
  file.requireSound()
  await journal.makeDurable()
  const isSameLife = journal.lifeShown === null || journal.lifeShown === journal.life
  if (closed?.kind !== 'reset' && isSameLife) {
    const { version } = journal
    const changes =
      journal.recent.between(since, version) ?? (await readChanges(journal, file, since))
    if (changes !== null) {
      journal.lifeShown = journal.life
      return { changes }
    }
  }
  const snapshot = await loadSnapshot(journal, {})
  return snapshot === null ? { changes: [] } : { snapshot }
}

/** What the epoch after `file` will begin with. Does not write it: reading never does. */
async function successorSnapshot(journal: Journal, file: EpochFile): Promise<Snapshot | null> {
  const { head, data } = await successorOf(journal.place, file)
  journal.lifeShown = head.life
  const { version, schema, at, writer } = head
  return data === undefined ? null : { version, schema, data, at, writer }
}
