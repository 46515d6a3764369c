import type { Json, LoadOptions, Recovery, Snapshot } from '@holdfast/core'
import { corruptError, damageText, type VerifiedGeneration } from './corrupt-error.ts'
import { newerFormatError, type Subject } from './file-error.ts'
import { findGenerations, type UnusableGeneration } from './find-generations.ts'
import type { Damage } from './inspect-document.ts'
import { readDocument, statFile, type FoundDocument } from './read-document.ts'
import type { Handle, Seen, StateFile } from './state-file.ts'

/** What is in the file: what the next commit must find there, and the document. */
export interface Look {
  readonly seen: Seen
  readonly snapshot: Snapshot | null
}

const nothing: Seen = {
  content: 'absent',
  identity: null,
  fingerprint: null,
  version: 0,
  schema: 0,
  savedAt: null,
  writer: null,
  damaged: [],
}

/**
 * Reads the state's file and remembers what was seen. Writes nothing; has to run in turn.
 * @throws HoldfastError `CORRUPT` where the newest document does not verify, or is missing although
 * older generations are there, unless `onCorrupt` allows one of those; `NEWER_SCHEMA`; the system's
 * error.
 */
export async function look(
  file: StateFile,
  handle: Handle,
  { onCorrupt, signal }: LoadOptions = {},
): Promise<Look> {
  const { found, isMissing } = await find(file, handle, signal)
  if (isMissing) return await recover(file, handle, null, null, { onCorrupt, signal })
  if (found === null) {
    signal?.throwIfAborted()
    return { seen: file.take(handle, nothing), snapshot: null }
  }
  const { inspection, identity, fingerprint } = found
  signal?.throwIfAborted()
  if (inspection.kind === 'newer')
    throw newerFormatError(subjectOf(file, handle), inspection.format)
  if (inspection.kind === 'damaged') {
    return await recover(file, handle, found, inspection, { onCorrupt, signal })
  }
  const { kind: content, version, schema, savedAt, writer, data } = inspection
  const seen = file.take(handle, {
    content,
    identity,
    fingerprint,
    version,
    schema,
    savedAt,
    writer,
    damaged: [],
  })
  return { seen, snapshot: snapshotOf(seen, data) }
}

/**
 * The document, and whether it is missing although older generations are there. Another process may
 * make its first commits between the look at the file and the look at the directory, or remove the
 * state: so both are looked at until they fit.
 */
async function find(
  file: StateFile,
  handle: Handle,
  signal: AbortSignal | undefined,
): Promise<{ found: FoundDocument | null; isMissing: boolean }> {
  const hasGenerations = async (): Promise<boolean> => {
    file.generations.forget()
    return (await file.generations.list()).length > 0
  }
  for (;;) {
    const found = await readDocument(file.context, file.target.path, handle.name, signal)
    if (found !== null || !(await hasGenerations())) return { found, isMissing: false }
    const again = await statFile(file.context.fileSystem, file.target.path)
    if (again === null && (await hasGenerations())) return { found, isMissing: true }
  }
}

/** What errors about `handle` are about. */
export function subjectOf(file: StateFile, handle: Handle): Subject {
  return { name: handle.name, path: file.target.path }
}

async function recover(
  file: StateFile,
  handle: Handle,
  found: FoundDocument | null,
  damage: Damage | null,
  {
    onCorrupt = 'error',
    signal,
  }: { onCorrupt?: LoadOptions['onCorrupt']; signal?: AbortSignal | undefined },
): Promise<Look> {
  const { verified, unusable } = await findGenerations(file, handle, signal)
  const [newest] = verified
  if (onCorrupt === 'error' || newest === undefined) {
    throw corruptError({ ...subjectOf(file, handle), damage, verified })
  }
  signal?.throwIfAborted()
  const { version, schema, savedAt, writer, data } = newest.document
  const passedOver = unusable.filter(({ number }) => number < newest.number)
  const seen = file.take(handle, {
    content: 'recovered',
    identity: found?.identity ?? null,
    fingerprint: found?.fingerprint ?? null,
    version,
    schema,
    savedAt,
    writer,
    damaged: [...(found === null ? [] : [found.path]), ...passedOver.map(({ path }) => path)],
  })
  const recovery = recoveryOf(newest, damage, passedOver)
  return { seen, snapshot: { ...snapshotOf(seen, data), recovery } }
}

function recoveryOf(
  { number, ageMs, document }: VerifiedGeneration,
  damage: Damage | null,
  passedOver: readonly UnusableGeneration[],
): Recovery {
  const reasons = [
    damage === null ? 'the file is gone' : damageText(damage),
    ...passedOver.map((one) => `generation ${one.number}: ${one.reason}`),
  ]
  return {
    generation: number,
    ageMs: document.savedAt === null ? null : ageMs,
    reason: reasons.join('; '),
    lostVersion: damage?.version ?? null,
  }
}

function snapshotOf({ version, schema, savedAt, writer }: Seen, data: Json): Snapshot {
  return { version, schema, data, at: savedAt, writer }
}
