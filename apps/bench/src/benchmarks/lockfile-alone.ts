import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { journal, lockfileAlone } from '../contenders/journal.ts'
import { sizes } from '../size.ts'

const { small } = sizes

/** What the lock costs a process that is alone. */
export const lockfileAloneBenchmark: Benchmark = contestBenchmark({
  name: 'lockfile-alone',
  title: 'one update of two fields, one process',
  heats: [[small]],
  contenders: [journal, lockfileAlone],
  baseline: journal,
  bars: [
    {
      contender: lockfileAlone,
      size: small,
      against: { contender: journal, size: small },
      limit: { atMost: 1.2 },
    },
  ],
})
