import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { journal } from '../contenders/journal.ts'
import { rawAppend, rawWriteThrough } from '../contenders/raw-append.ts'
import { sizes } from '../size.ts'

const { small, medium, large, huge } = sizes
const all = [small, medium, large, huge]

/** What one durable update costs beside an append of the same bytes, and how that grows. */
export const journalUpdate: Benchmark = contestBenchmark({
  name: 'journal-update',
  title: 'one update of two fields',
  // In one heat, since sizes are compared.
  heats: [all],
  contenders: [journal, rawAppend, rawWriteThrough],
  baseline: rawWriteThrough,
  bars: [
    // Against both ways, and so against the better one.
    ...all.flatMap((size) =>
      [rawAppend, rawWriteThrough].map((contender) => ({
        contender: journal,
        size,
        against: { contender, size },
        limit: { atMost: 1.5 },
      })),
    ),
    {
      contender: journal,
      size: huge,
      against: { contender: journal, size: small },
      limit: { atMost: 1.3 },
    },
  ],
})
