import type { Snapshot } from '@holdfast/core'
import { corruptError } from './corrupt-error.ts'
import { findGenerations } from './find-generations.ts'
import { look, subjectOf } from './look.ts'
import type { Handle, StateFile } from './state-file.ts'

/**
 * The document and its kept generations, newest first. Has to run in turn.
 * @throws HoldfastError `CORRUPT` for the first of them that does not verify.
 */
export async function readHistory(file: StateFile, handle: Handle): Promise<Snapshot[]> {
  const { snapshot } = await look(file, handle)
  if (snapshot === null) return []
  const { verified, unusable } = await findGenerations(file, handle)
  const [broken] = unusable
  if (broken !== undefined) {
    const { name } = subjectOf(file, handle)
    const damage = { kind: 'damaged', reason: broken.reason, offset: null, version: null } as const
    const older = verified.filter(({ number }) => number > broken.number)
    throw corruptError({ name, path: broken.path, damage, verified: older })
  }
  const snapshots: Snapshot[] = [snapshot]
  for (const { document } of verified) {
    const { kind, version, schema, savedAt, writer, data } = document
    // After a crash between rotation and rename, generation 1 is the document itself.
    if (kind === 'envelope' && version >= (snapshots.at(-1)?.version ?? 0)) continue
    snapshots.push({ version, schema, data, at: savedAt, writer })
  }
  return snapshots
}
