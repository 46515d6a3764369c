/*
 * Commits documents of growing size until one is refused, then a small one. Prints the versions that
 * were acknowledged, and the code of the refusal.
 * Arguments: directory, bytes by which each document is larger than the one before.
 */
import { HoldfastError } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { openFileBackend } from '../../src/index.ts'

const [, , directory = '', step] = process.argv
await using backend = await openFileBackend({ directory })
const sequence = await backend.open('trading')
let version = (await sequence.load())?.version ?? 0
let code = ''
while (code === '') {
  const data = { version: version + 1, text: 'x'.repeat(version * Number(step)) }
  try {
    await sequence.commit(pendingChange({ base: version, data }))
    version += 1
  } catch (error) {
    if (!HoldfastError.is(error)) throw error
    code = `${error.code} ${error.committed}`
  }
}
await sequence.commit(pendingChange({ base: version, data: { version: version + 1, text: '' } }))
process.stdout.write(JSON.stringify({ code, version }))
