import { openStore } from 'holdfast'
import { z } from 'zod'
import type { Benchmark, Run } from '../benchmark.ts'
import { openCount } from '../counters/count.ts'
import { monotonicMs } from '../monotonic-ms.ts'
import { atMost, type Outcome } from '../outcome.ts'
import { runChild } from '../run-child.ts'
import { spread } from '../statistics.ts'

const commitsSchema = z.array(
  z.object({ version: z.int(), beganMs: z.number(), acknowledgedMs: z.number() }),
)
const limitMs = 20

/** How soon a process is told of what another one commits. */
export const lockfileDelivery: Benchmark = { name: 'lockfile-delivery', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  const store = await openStore({ backend: 'lockfile', directory })
  const state = await openCount(store, 'count')
  const toldMs = new Map<number, number>()
  const told: number[] = []
  state.subscribe(({ version }) => {
    toldMs.set(version, monotonicMs())
    told.push(version)
  })
  const count = effort.rounds * effort.operations
  const commits = await runChild('paced-writer', [directory, count], commitsSchema)
  await state.refresh()
  await store.close()
  const delays = (from: 'beganMs' | 'acknowledgedMs') =>
    spread(commits.map((commit) => (toldMs.get(commit.version) ?? Number.NaN) - commit[from]))
  // Each version once, and in order; compactions have versions too.
  const untold = commits.filter(({ version }) => !toldMs.has(version)).length
  const strayed = told.filter((version, index) => version !== index + 1).length
  return {
    name: lockfileDelivery.name,
    title: `one process follows ${count} commits of another`,
    rows: [],
    figures: [
      { name: 'from the begin of the update', unit: 'ms', value: delays('beganMs') },
      { name: 'from its acknowledgement', unit: 'ms', value: delays('acknowledgedMs') },
    ],
    verdicts: [
      atMost(`told after at most ${limitMs} ms`, delays('beganMs'), limitMs),
      atMost('at most 0 lost, doubled or out of order', spread([untold + strayed]), 0),
    ],
  }
}
