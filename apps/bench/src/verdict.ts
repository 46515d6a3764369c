import type { Bar, Benchmark } from './benchmark.ts'
import type { Measurement } from './measure.ts'
import { ratioOfMedians, spread, type Spread } from './statistics.ts'

/** One line of the report: what a contender took, and how that compares with the baseline. */
export interface Row {
  readonly sizeBytes: number
  readonly contender: string
  readonly survives: string
  readonly ms: Spread
  readonly ratio: Spread
}

/** Whether a bar was reached. */
export interface Verdict extends Bar {
  readonly ratio: Spread
  readonly isMet: boolean
}

/** What came out of one benchmark. */
export interface Outcome {
  readonly title: string
  readonly baseline: string
  readonly rows: readonly Row[]
  readonly verdicts: readonly Verdict[]
}

/** Turns durations into the rows of `benchmark`'s report and judges its bars. */
export function judge(benchmark: Benchmark, measurements: readonly Measurement[]): Outcome {
  const roundsOf = (name: string, sizeBytes: number) => {
    const found = measurements.find(
      (each) => each.contender.name === name && each.sizeBytes === sizeBytes,
    )
    if (found === undefined) throw new TypeError(`${name} was not measured at ${sizeBytes} bytes`)
    return found.roundsMs
  }
  const rows = measurements.map(({ contender, sizeBytes, roundsMs }) => ({
    sizeBytes,
    contender: contender.name,
    survives: contender.survives,
    ms: spread(roundsMs.flat()),
    ratio: ratioOfMedians(roundsMs, roundsOf(benchmark.baseline, sizeBytes)),
  }))
  const verdicts = benchmark.bars.map((bar) => {
    const ratio = ratioOfMedians(
      roundsOf(bar.contender, bar.sizeBytes),
      roundsOf(bar.against, bar.sizeBytes),
    )
    return { ...bar, ratio, isMet: ratio.p50 <= bar.atMost }
  })
  return { title: benchmark.title, baseline: benchmark.baseline, rows, verdicts }
}
