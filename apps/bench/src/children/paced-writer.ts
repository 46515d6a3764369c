import { setTimeout } from 'node:timers/promises'
import { openStore } from 'holdfast'
import { openCount, raise } from '../counters/count.ts'
import { monotonicMs } from '../monotonic-ms.ts'

// Makes some updates of the count in a directory, with pauses as a bot has them, and prints when each
// began and was acknowledged, by its version.
const [directory = '', count = '0'] = process.argv.slice(2)
const store = await openStore({ backend: 'lockfile', directory })
const state = await openCount(store, 'count')

const commits: { version: number; beganMs: number; acknowledgedMs: number }[] = []
for (let index = 0; index < Number(count); index++) {
  await setTimeout(1 + ((7 * index) % 20))
  const beganMs = monotonicMs()
  await raise(state)
  commits.push({ version: state.version, beganMs, acknowledgedMs: monotonicMs() })
}
await store.close()
process.stdout.write(JSON.stringify(commits))
