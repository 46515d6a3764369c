/*
 * Adds keys to a state that other processes write at the same time, one commit each; after CONFLICT it
 * reads and tries again. Prints the number of conflicts.
 * Arguments: directory, prefix of the keys, how many.
 */
import { HoldfastError, type Json, type JsonObject, type Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { openFileBackend } from '../../src/index.ts'

const [, , directory = '', prefix = '', count] = process.argv

async function newest(sequence: Sequence): Promise<{ base: number; data: JsonObject }> {
  const snapshot = await sequence.load()
  return { base: snapshot?.version ?? 0, data: objectOf(snapshot?.data ?? {}) }
}

function objectOf(data: Json): JsonObject {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error('no object')
  return data
}

await using backend = await openFileBackend({ directory, durability: 'process' })
const sequence = await backend.open('trading')
let conflicts = 0
for (let index = 0; index < Number(count);) {
  const { base, data } = await newest(sequence)
  const change = pendingChange({
    base,
    data: { ...data, [`${prefix}${index}`]: index },
    writer: prefix,
  })
  try {
    const result = await sequence.commit(change)
    if (result.committed) index += 1
    else throw new Error('a conflict with nobody in this process')
  } catch (error) {
    if (!HoldfastError.is(error, 'CONFLICT') || error.committed !== false) throw error
    conflicts += 1
  }
}
process.stdout.write(String(conflicts))
