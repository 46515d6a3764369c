import type { Contender } from './contender.ts'

/** What a contender must reach at one size, as a ratio of medians. */
export interface Bar {
  readonly sizeBytes: number
  readonly contender: string
  readonly against: string
  /** The highest ratio that still passes. */
  readonly atMost: number
}

/** Contenders that do the same work, the sizes they do it at, and what is asked of them. */
export interface Benchmark {
  readonly title: string
  readonly sizesBytes: readonly number[]
  readonly contenders: readonly Contender[]
  /** The contender that the report compares the others with. */
  readonly baseline: string
  readonly bars: readonly Bar[]
}
