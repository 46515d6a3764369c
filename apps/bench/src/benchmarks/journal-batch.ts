import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { journal, journalBatchOf64 } from '../contenders/journal.ts'
import { sizes } from '../size.ts'

const { small, medium, large, huge } = sizes
const all = [small, medium, large, huge]

/** What 64 updates that are made at once cost beside one. */
export const journalBatch: Benchmark = contestBenchmark({
  name: 'journal-batch',
  title: '64 updates at once',
  heats: all.map((size) => [size]),
  contenders: [journal, journalBatchOf64],
  baseline: journal,
  bars: all.map((size) => ({
    contender: journalBatchOf64,
    size,
    against: { contender: journal, size },
    limit: { atMost: 2.5 },
  })),
})
