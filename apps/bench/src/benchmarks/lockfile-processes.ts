import { join } from 'node:path'
import type { Benchmark, Run } from '../benchmark.ts'
import type { CounterKind } from '../counters/counter.ts'
import { type CountedTogether, countTogether } from '../counters/count-together.ts'
import { lockfileCounter } from '../counters/holdfast-counter.ts'
import { naiveCounter } from '../counters/naive-counter.ts'
import { counterKinds } from '../counters/open-counter.ts'
import { sqliteCounter } from '../counters/sqlite-counter.ts'
import { atMost, type Figure, type Outcome, type Verdict } from '../outcome.ts'
import { spread } from '../statistics.ts'

const crowds = [2, 4, 8]
const most = 8
const increments = 500
/** The naive way takes so long that a small part has to do. */
const naiveShare = 1 / 25

/** Processes that count up one number, each increment awaited. */
export const lockfileProcesses: Benchmark = { name: 'lockfile-processes', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  const each = Math.ceil(increments / effort.shrink)
  const measured = new Map<string, CountedTogether[]>()
  const rounds = Math.min(effort.rounds, 5)
  for (let round = 0; round < rounds; round++) {
    for (const processes of crowds) {
      for (const kind of counterKinds) {
        const share = kind === naiveCounter ? naiveShare : 1
        const crowd = { processes, increments: Math.ceil(each * share), inFlight: 1 }
        const own = join(directory, `${round}-${processes}-${counterKinds.indexOf(kind)}`)
        const counted = await countTogether(kind, crowd, own)
        const key = keyOf(kind, processes)
        measured.set(key, [...(measured.get(key) ?? []), counted])
      }
    }
  }
  const of = (kind: CounterKind, processes: number) => measured.get(keyOf(kind, processes)) ?? []
  return {
    name: lockfileProcesses.name,
    title: `processes that count to ${each} each, in one state unless it says otherwise`,
    rows: [],
    figures: crowds.flatMap((processes) =>
      counterKinds.flatMap((kind) => figuresOf(kind, processes, of(kind, processes))),
    ),
    verdicts: [
      ...crowds.map((processes) => {
        const lost = of(lockfileCounter, processes).map((counted) => Math.abs(counted.lost))
        return atMost(
          `${processes} processes: at most 0 increments lost or doubled`,
          spread(lost),
          0,
        )
      }),
      faster(sqliteCounter, 1, of),
      faster(naiveCounter, 20, of),
      ...crowds.map((processes) =>
        atMost(
          `${processes} processes: the slowest takes at most 2 x as long as the fastest`,
          spread(of(lockfileCounter, processes).map(({ unevenness }) => unevenness)),
          2,
        ),
      ),
    ],
  }
}

function keyOf({ name }: CounterKind, processes: number): string {
  return `${name}/${processes}`
}

function figuresOf(
  { name }: CounterKind,
  processes: number,
  counted: readonly CountedTogether[],
): Figure[] {
  const subject = `${processes} processes, ${name}`
  const figure = (what: string, unit: Figure['unit'], key: keyof CountedTogether): Figure => ({
    name: `${subject}: ${what}`,
    unit,
    value: spread(counted.map((each) => each[key])),
  })
  return [
    figure('increments', 'per s', 'throughput'),
    figure('longest p99', 'ms', 'p99Ms'),
    figure('lost', 'times', 'lost'),
  ]
}

function faster(
  peer: CounterKind,
  limit: number,
  of: (kind: CounterKind, processes: number) => readonly CountedTogether[],
): Verdict {
  const others = of(peer, most)
  const measured = spread(
    of(lockfileCounter, most).map(
      ({ throughput }, round) => throughput / (others[round]?.throughput ?? Number.NaN),
    ),
  )
  const bar = `${most} processes: ${lockfileCounter.name} at least ${limit} x the throughput of ${peer.name}`
  return { bar, measured, limit, isMet: measured.p50 >= limit }
}
