import { isDeepStrictEqual } from 'node:util'
import type { Backend, PendingChange, Sequence, Snapshot } from './backend.ts'
import { type Environment, systemEnvironment } from './environment.ts'
import { HoldfastError } from './error.ts'
import { jsonText } from './json-text.ts'

/**
 * Copies the newest document of state `name` into another backend, as the first version of a state of
 * the same name and schema version, and reads it back to compare. The source is not changed; its
 * history is not copied.
 * @returns What was written, as read back.
 * @throws HoldfastError `INVALID` when the source has no such state; `CONFLICT` when the target has
 * one already (it is not touched); `CORRUPT` when what is read back is not what was written; and what
 * the two backends throw.
 */
export async function copyState(
  from: Backend,
  to: Backend,
  name: string,
  environment: Environment = systemEnvironment,
): Promise<Snapshot> {
  await using source = await from.open(name)
  await using target = await to.open(name)
  const snapshot = await source.load()
  if (snapshot === null) {
    const message = `there is no state "${name}" in ${from.location}: nothing was copied`
    throw new HoldfastError('INVALID', message, { state: name })
  }
  if ((await target.load()) !== null) throw exists(name, target)
  const result = await target.commit(firstChange(snapshot, environment))
  if (!result.committed) throw exists(name, target)
  const copy = await target.load()
  const isFaithful = copy?.schema === snapshot.schema && isDeepStrictEqual(copy.data, snapshot.data)
  if (copy && isFaithful) return copy
  const message =
    `state "${name}" was copied to ${target.location}, but what is read back there is not what ` +
    `${source.location} holds: remove the copy, and go on using the original`
  throw new HoldfastError('CORRUPT', message, { state: name, committed: true })
}

function firstChange(snapshot: Snapshot, environment: Environment): PendingChange {
  return {
    base: 0,
    version: 1,
    id: environment.token(),
    writer: `${environment.process}/${environment.token()}`,
    at: snapshot.at ?? new Date(environment.now()).toISOString(),
    schema: snapshot.schema,
    patches: [{ op: 'add', path: '', value: snapshot.data }],
    document: (indent, depth) => jsonText(snapshot.data, indent, depth),
  }
}

function exists(name: string, target: Sequence): HoldfastError {
  const message =
    `there is a state "${name}" already (${target.location}): it was not touched. ` +
    'Remove it, or copy into another place'
  return new HoldfastError('CONFLICT', message, { state: name, committed: false })
}
