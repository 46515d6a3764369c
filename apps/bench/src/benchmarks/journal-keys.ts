import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { journalArrivals } from '../contenders/journal.ts'
import { rawAppendArrivals, rawWriteThroughArrivals } from '../contenders/raw-append.ts'
import { sizes } from '../size.ts'

const { small, wide } = sizes

/** What it costs to add a key to a wide record, and to delete it. */
export const journalKeys: Benchmark = contestBenchmark({
  name: 'journal-keys',
  title: 'a key added or deleted',
  heats: [[small, wide]],
  contenders: [journalArrivals, rawAppendArrivals, rawWriteThroughArrivals],
  baseline: rawWriteThroughArrivals,
  bars: [
    ...[rawAppendArrivals, rawWriteThroughArrivals].map((contender) => ({
      contender: journalArrivals,
      size: wide,
      against: { contender, size: wide },
      limit: { atMost: 1.5 },
    })),
    {
      contender: journalArrivals,
      size: wide,
      against: { contender: journalArrivals, size: small },
      limit: { atMost: 1.3 },
    },
  ],
})
