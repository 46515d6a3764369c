import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark } from '../contest.ts'
import { fileBackend } from '../contenders/file-backend.ts'
import { rawPromises } from '../contenders/raw-promises.ts'
import { rawSynchronous } from '../contenders/raw-synchronous.ts'
import { writeFileAtomic } from '../contenders/write-file-atomic.ts'
import { sizes } from '../size.ts'

const { small, medium } = sizes

/** What one durable commit of a whole small file costs, beside the same work by hand. */
export const fileCommit: Benchmark = contestBenchmark({
  name: 'file-commit',
  title: 'one commit to a file',
  heats: [[small], [medium]],
  contenders: [fileBackend, rawPromises, rawSynchronous, writeFileAtomic],
  baseline: rawPromises,
  bars: [
    ...[small, medium].map((size) => ({
      contender: fileBackend,
      size,
      against: { contender: rawPromises, size },
      limit: { atMost: 1.3 },
    })),
    {
      contender: fileBackend,
      size: small,
      against: { contender: writeFileAtomic, size: small },
      limit: { atMost: 1 },
    },
  ],
})
