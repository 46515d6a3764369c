/*
 * Loads the state and commits the next version; kills itself with SIGKILL before the file call of
 * the given number, counted from the beginning of the commit.
 * Arguments: directory, keep, number.
 */
import { interceptFileSystem, nodeFileSystem } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { openFileBackend } from '../../src/index.ts'

const [, , directory = '', keep, fatal] = process.argv
let calls = Number.NEGATIVE_INFINITY
const fileSystem = interceptFileSystem(nodeFileSystem, (_, proceed) => {
  calls += 1
  if (calls === Number(fatal)) process.kill(process.pid, 'SIGKILL')
  return proceed()
})

await using backend = await openFileBackend({ directory, keep: Number(keep) }, { fileSystem })
const sequence = await backend.open('trading')
const base = (await sequence.load())?.version ?? 0
calls = 0
await sequence.commit(pendingChange({ base, data: { n: base + 1 } }))
process.stdout.write(`${calls}`)
