import type { Effort } from './effort.ts'
import type { Random } from './random.ts'
import type { Outcome } from './outcome.ts'

/** What a benchmark is given. */
export interface Run {
  readonly effort: Effort
  /** An empty directory on the disk that is to be measured. */
  readonly directory: string
  readonly random: Random
}

/** Something that is measured, and what is asked of it. */
export interface Benchmark {
  /** What it is chosen by; the word before the first hyphen is its group. */
  readonly name: string
  measure(run: Run): Promise<Outcome>
}
