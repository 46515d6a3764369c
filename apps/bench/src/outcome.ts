import type { Spread } from './statistics.ts'

/** One line of the report: what a contender took, and how that compares with the baseline. */
export interface Row {
  readonly size: string
  readonly contender: string
  readonly survives: string
  readonly ms: Spread
  readonly ratio: Spread
}

/** Something measured that is no comparison of durations. */
export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 'MB' | 'times' | 'per s'
  readonly value: Spread
}

/** Whether a bar was reached. */
export interface Verdict {
  /** What is asked, such as `10 MB: holdfast journal at most 1.5 x raw append`. */
  readonly bar: string
  /** What was measured, in the unit of `limit`. */
  readonly measured: Spread
  readonly limit: number
  readonly isMet: boolean
}

/** What came out of one benchmark. */
export interface Outcome {
  readonly name: string
  readonly title: string
  /** The contender that the rows are compared with. */
  readonly baseline?: string
  readonly rows: readonly Row[]
  readonly figures: readonly Figure[]
  readonly verdicts: readonly Verdict[]
}

/** The verdict on what may come to `limit` at most, by its median. */
export function atMost(bar: string, measured: Spread, limit: number): Verdict {
  return { bar, measured, limit, isMet: measured.p50 <= limit }
}
