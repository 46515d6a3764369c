import { join } from 'node:path'
import type { Benchmark, Run } from '../benchmark.ts'
import { countTogether } from '../counters/count-together.ts'
import { lockfileCounter } from '../counters/holdfast-counter.ts'
import { atMost, type Outcome } from '../outcome.ts'
import { spread } from '../statistics.ts'

const processes = 4
const limit = 20

/** What group commit is worth where several processes have much to say. */
export const lockfileInFlight: Benchmark = { name: 'lockfile-in-flight', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  const one: number[] = []
  const many: number[] = []
  let lost = 0
  for (let round = 0; round < Math.min(effort.rounds, 5); round++) {
    for (const [inFlight, increments, throughputs] of [
      [1, 500, one],
      [50, 10_000, many],
    ] as const) {
      const crowd = { processes, increments: Math.ceil(increments / effort.shrink), inFlight }
      const own = join(directory, `${round}-${inFlight}`)
      const counted = await countTogether(lockfileCounter, crowd, own)
      throughputs.push(counted.throughput)
      lost += Math.abs(counted.lost)
    }
  }
  const gains = spread(many.map((throughput, round) => throughput / (one[round] ?? Number.NaN)))
  return {
    name: lockfileInFlight.name,
    title: `${processes} processes on one state, with 50 updates in flight each`,
    rows: [],
    figures: [
      { name: 'one at a time', unit: 'per s', value: spread(one) },
      { name: '50 in flight', unit: 'per s', value: spread(many) },
    ],
    verdicts: [
      {
        bar: `50 in flight at least ${limit} x the throughput of one at a time`,
        measured: gains,
        limit,
        isMet: gains.p50 >= limit,
      },
      atMost('at most 0 increments lost or doubled', spread([lost]), 0),
    ],
  }
}
