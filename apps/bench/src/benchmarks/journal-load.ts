import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { journalLoading } from '../contenders/journal-load.ts'
import { rawLoading } from '../contenders/raw-load.ts'
import { sizes } from '../size.ts'

const { huge } = sizes

/** What it costs to open a large state. */
export const journalLoad: Benchmark = contestBenchmark({
  name: 'journal-load',
  title: 'opening a state',
  heats: [[huge]],
  contenders: [journalLoading, rawLoading],
  baseline: rawLoading,
  share: 1 / 20,
  bars: [
    {
      contender: journalLoading,
      size: huge,
      against: { contender: rawLoading, size: huge },
      limit: { atMost: 1.3 },
    },
  ],
})
