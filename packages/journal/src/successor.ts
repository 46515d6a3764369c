import type { Json, Version } from '@holdfast/core'
import { DocumentReader } from './document-reader.ts'
import type { EpochFile } from './epoch-file.ts'
import type { EpochHead } from './epoch-head.ts'
import { EpochReplay } from './epoch-replay.ts'
import { damageError } from './journal-error.ts'
import type { JournalPlace } from './journal-place.ts'
import { openEpoch } from './open-epoch.ts'

/** How an epoch begins. */
export interface EpochStart {
  readonly head: Omit<EpochHead, 'kind' | 'hasData'>
  /** Undefined where the state is not there. */
  readonly data: Json | undefined
}

/**
 * How the epoch after `file`, which is closed, has to begin: a function of what is in the files, so
 * that everybody who helps comes to the same.
 * @throws HoldfastError `CORRUPT`.
 */
export async function successorOf(place: JournalPlace, file: EpochFile): Promise<EpochStart> {
  const { closed, head } = file.replay
  if (closed === null) throw new TypeError(`${file.path} is not closed`)
  const { at, writer, version } = closed
  const epoch = file.number + 1
  const common = { epoch, name: place.name, version, at, writer }
  if (closed.kind === 'seal') {
    const { standing, data } = await documentAt(place, file, version)
    const { schema, owner } = standing
    return { head: { ...common, schema, owner, life: head?.life ?? 0 }, data }
  }
  const life = epoch
  if (version === 0) {
    return { head: { ...common, schema: 0, owner: null, life }, data: undefined }
  }
  const { standing, data } = await documentAt(place, file, version)
  return { head: { ...common, schema: standing.schema, owner: standing.owner, life }, data }
}

/** The document at `version`, which the lines of `file` lead to, or the epoch before ended with. */
export async function documentAt(
  place: JournalPlace,
  file: EpochFile,
  version: Version,
): Promise<{ standing: NonNullable<EpochReplay['standing']>; data: Json | undefined }> {
  const identity = { name: place.name, epoch: file.number }
  const reader = new DocumentReader()
  const replay = new EpochReplay(identity, reader, version)
  replay.feed(await file.bytes())
  const { standing, damage, head } = replay
  if (standing !== null && standing.version === version) return { standing, data: reader.data }
  if (head === null && file.number > 1) {
    const previous = await openEpoch(place, file.number - 1, {})
    if (previous !== null) {
      await using opened = previous
      await opened.look()
      const { closed } = opened.replay
      if (opened.replay.damage === null && closed?.kind === 'seal' && closed.version === version) {
        return await documentAt(place, opened, version)
      }
    }
  }
  const reason = `version ${version} does not verify any more`
  throw damageError(file.subject, damage ?? { kind: 'damaged', reason, offset: replay.end })
}
