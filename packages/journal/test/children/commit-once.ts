/*
 * Loads the state and commits the next version of the counter; kills itself with SIGKILL before the
 * file call of the given number. Prints + when the commit was acknowledged.
 * Arguments: directory, compactAfterBytes, number.
 */
import { writeSync } from 'node:fs'
import { interceptFileSystem, nodeFileSystem } from '@holdfast/fs'
import { pendingChange } from '@holdfast/testing'
import { openJournalBackend } from '../../src/index.ts'

const [, , directory = '', compactAfterBytes, fatal] = process.argv
let calls = Number.NEGATIVE_INFINITY
const fileSystem = interceptFileSystem(nodeFileSystem, (_, proceed) => {
  calls += 1
  if (calls === Number(fatal)) process.kill(process.pid, 'SIGKILL')
  return proceed()
})

await using backend = await openJournalBackend(
  { directory, keep: 0, compactAfterBytes: Number(compactAfterBytes), compactAfterRatio: 0.01 },
  { fileSystem },
)
const sequence = await backend.open('trading')
calls = 0
const snapshot = await sequence.load()
const base = snapshot?.version ?? 0
const { n = 0 } = (snapshot?.data ?? {}) as { n?: number }
const { committed } = await sequence.commit(pendingChange({ base, data: { n: n + 1 } }))
if (committed) writeSync(1, '+')
