import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HoldfastError } from '@holdfast/core'
import { idsIn, savedIds, type Step } from './session.ts'
import { openTraced, type TracedBackend } from './traced-backend.ts'

/** What a fault has left behind is looked at by another process: this one. */
export async function judgeState(
  kind: TracedBackend,
  directory: string,
  steps: readonly Step[],
): Promise<string[]> {
  const problems: string[] = []
  let ids: string[]
  try {
    await using backend = await openTraced(kind, directory, true)
    const sequence = await backend.open('trading')
    ids = idsIn((await sequence.load())?.data ?? null)
  } catch (error) {
    const code = HoldfastError.is(error) ? error.code : 'an error'
    return [`${code} at the next load: ${String(error)}`]
  }
  for (const { step, id, failure } of steps) {
    if (step !== 'commit' || id === null) continue
    const count = ids.filter((other) => other === id).length
    if (count > 1) problems.push(`${id} is there ${count} times`)
    if (failure === null && count === 0) problems.push(`${id} was acknowledged, and is absent`)
    if (failure?.committed === true && count === 0)
      problems.push(`${id} is absent, though committed`)
    if (failure?.committed === false && count > 0)
      problems.push(`${id} is there, though not committed`)
  }
  const inOrder = ids.toSorted((a, b) => savedIds.indexOf(a) - savedIds.indexOf(b))
  const strange = ids.filter((id) => !savedIds.includes(id))
  if (strange.length > 0 || inOrder.join() !== ids.join())
    problems.push(`the ids are ${ids.join()}`)
  return problems
}

/**
 * Temporaries, and what is left of locks. The tickets of the lockfile backend belong to their process
 * as long as that lives, and `isAlive` says that it does.
 */
export function litterIn(directory: string, isAlive: boolean): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(
      ({ name, parentPath }) =>
        /\.(?:tmp|partial)$/.test(name) ||
        name.endsWith('.json.lock') ||
        (!isAlive && /\.lock(?:\/|$)/.test(parentPath)),
    )
    .map(({ name, parentPath }) => `${join(parentPath, name)} was left behind`)
}
