import type { Benchmark } from './benchmark.ts'
import type { Contender } from './contender.ts'
import { judge } from './judge.ts'
import { race } from './race.ts'
import type { Size } from './size.ts'

/** A contender at one size. */
export interface Side {
  readonly contender: Contender
  readonly size: Size
}

/** What one side must reach beside another, as a ratio of medians. */
export interface Bar extends Side {
  readonly against: Side
  /** The highest ratio that still passes, or how many times faster it has to be. */
  readonly limit: { readonly atMost: number } | { readonly timesFaster: number }
}

/** Contenders that do the same work, the sizes they do it at, and what is asked of them. */
export interface Contest {
  readonly name: string
  readonly title: string
  /** Each inner list is raced by itself: all contenders at all sizes of it take turns. */
  readonly heats: readonly (readonly Size[])[]
  readonly contenders: readonly Contender[]
  /** The contender that the report compares the others with. */
  readonly baseline: Contender
  /** What part of the operations is enough, where one takes long; all of them when left out. */
  readonly share?: number
  readonly bars: readonly Bar[]
}

/** The benchmark that lets the contenders of `contest` race. */
export function contestBenchmark(contest: Contest): Benchmark {
  return {
    name: contest.name,
    measure: async (run) => judge(contest, await race(contest, run)),
  }
}
