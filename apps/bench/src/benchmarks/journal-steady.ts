import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, Run } from '../benchmark.ts'
import { atMost, type Figure, type Outcome } from '../outcome.ts'
import { numbersSchema, runChild } from '../run-child.ts'
import { spread } from '../statistics.ts'

/** What compaction does to those who go on with a large state meanwhile. */
export const journalSteady: Benchmark = { name: 'journal-steady', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  const rounds: Readonly<Record<string, number>>[] = []
  const compactions = Math.min(effort.rounds, 3)
  for (let round = 0; round < compactions; round++) {
    const place = join(directory, String(round))
    await mkdir(place)
    rounds.push(await runChild('steady-load', [place, compactions, effort.shrink], numbersSchema))
    await rm(place, { recursive: true })
  }
  const valuesOf = (name: string) => rounds.map((round) => round[name] ?? Number.NaN)
  const figure = (name: string, unit: Figure['unit'], key: string): Figure => {
    return { name, unit, value: spread(valuesOf(key)) }
  }
  const tails = rounds.map(({ p50Ms = 0, p999Ms = Number.NaN }) => p999Ms / p50Ms)
  return {
    name: journalSteady.name,
    title: `one update after another on 10 MB, over ${compactions} compactions`,
    rows: [],
    figures: [
      figure('update, p50', 'ms', 'p50Ms'),
      figure('update, p99.9', 'ms', 'p999Ms'),
      figure('update, longest', 'ms', 'longestMs'),
      figure('event-loop delay, longest', 'ms', 'eventLoopDelayMs'),
      figure('updates', 'times', 'updates'),
      figure('compactions', 'times', 'compacted'),
      figure('disk with kept epochs, per snapshot', 'times', 'allPerSnapshot'),
    ],
    verdicts: [
      atMost('10 MB: p99.9 of update at most 20 x p50', spread(tails), 20),
      atMost('10 MB: event-loop delay at most 50 ms', spread(valuesOf('eventLoopDelayMs')), 50),
      atMost(
        '10 MB: disk without kept epochs at most 3 x the snapshot',
        spread(valuesOf('currentPerSnapshot')),
        3,
      ),
      atMost('10 MB: at most 0 compactions fail', spread(valuesOf('failed')), 0),
    ],
  }
}
