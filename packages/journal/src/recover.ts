import type { Json, Recovery, Snapshot, Version } from '@holdfast/core'
import { hasCode } from '@holdfast/fs'
import { encodedClosing, type EpochFile } from './epoch-file.ts'
import { damageError, damageText } from './journal-error.ts'
import type { Journal } from './journal.ts'
import { openEpoch } from './open-epoch.ts'
import { documentAt } from './successor.ts'

/**
 * The newest version that verifies of the damaged `file`: what stands before the damage, or the end of
 * the epoch before. The next commit may build on it. Writes nothing.
 * @throws HoldfastError `CORRUPT` where there is none, `NEWER_SCHEMA`.
 */
export async function recover(journal: Journal, file: EpochFile): Promise<Snapshot> {
  const { damage } = file.replay
  if (damage === null || damage.kind === 'newer') {
    throw damageError(file.subject, damage ?? { kind: 'damaged', reason: 'it changed', offset: 0 })
  }
  const version = await newestSound(journal, file)
  if (version === null) throw damageError(file.subject, damage)
  const { standing, data } = await documentAt(journal.place, file, version)
  if (data === undefined) throw damageError(file.subject, damage)
  journal.recovered = { epoch: file.number, size: file.size, version }
  const { schema, at, writer } = standing
  const ageMs = journal.place.context.environment.now() - Date.parse(at)
  const recovery: Recovery = {
    generation: 1,
    ageMs: Number.isNaN(ageMs) ? null : ageMs,
    reason: `${file.path}: ${damageText(damage)}`,
    lostVersion: file.replay.lostVersion,
  }
  return snapshotOf({ version, schema, at, writer }, data, recovery)
}

function snapshotOf(head: Omit<Snapshot, 'data'>, data: Json, recovery: Recovery): Snapshot {
  return { ...head, data, recovery }
}

async function newestSound(journal: Journal, file: EpochFile): Promise<Version | null> {
  const { standing } = file.replay
  if (standing !== null) return standing.version
  const previous = file.number > 1 ? await openEpoch(journal.place, file.number - 1, {}) : null
  if (previous === null) return null
  await using opened = previous
  await opened.look()
  const { closed, damage } = opened.replay
  return damage === null && closed?.kind === 'seal' ? closed.version : null
}

/**
 * Before the first commit on a version that was recovered: sets the damaged file aside, closes the
 * epoch for everybody who still has it open, and lets the next one begin with that version. Resolves
 * with whether something was recovered; a file that has changed since is judged anew.
 */
export async function settleRecovery(journal: Journal, base: Version): Promise<boolean> {
  const { recovered, place } = journal
  if (recovered === null) return false
  journal.recovered = null
  const file = await journal.look()
  if (file?.number !== recovered.epoch || file.size !== recovered.size) return true
  if (base !== recovered.version || file.replay.closed !== null) {
    journal.recovered = recovered
    return true
  }
  await setAside(journal, file)
  await journal.makeDurable()
  const { environment } = place.context
  const id = environment.token()
  const reset = encodedClosing({
    kind: 'reset',
    base,
    version: base,
    at: new Date(environment.now()).toISOString(),
    writer: journal.writer,
    id,
    reset: file.number + 1,
  })
  await journal.append(file, reset)
  // Another one may have closed it first, with another version.
  if (closingId(file) === id) journal.lifeShown = file.number + 1
  return true
}

function closingId({ replay }: EpochFile): string | null {
  return replay.closed?.id ?? null
}

/** By a second name: the highest epoch must not be missing, even for a moment. */
async function setAside(journal: Journal, file: EpochFile): Promise<void> {
  const { fileSystem, environment } = journal.place.context
  const time = new Date(environment.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const path = `${file.path}.corrupt-${time}-${environment.token().slice(0, 8)}`
  try {
    await fileSystem.link(file.path, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  await journal.syncDirectory(file.number)
}

/** Whether the file of the journal is still the damaged one that was recovered from. */
export function isStillRecovered(journal: Journal, file: EpochFile): boolean {
  const { recovered } = journal
  return recovered?.epoch === file.number && recovered.size === file.size
}
