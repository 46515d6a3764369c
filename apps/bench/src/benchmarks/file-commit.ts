import type { Benchmark } from '../benchmark.ts'
import { fileBackend } from '../contenders/file-backend.ts'
import { rawPromises } from '../contenders/raw-promises.ts'
import { rawSynchronous } from '../contenders/raw-synchronous.ts'
import { writeFileAtomic } from '../contenders/write-file-atomic.ts'

const small = 1024
const large = 100 * 1024

/** What one durable commit of a whole small file costs, beside the same work by hand. */
export const fileCommit: Benchmark = {
  title: 'one commit to a file',
  sizesBytes: [small, large],
  contenders: [fileBackend, rawPromises, rawSynchronous, writeFileAtomic],
  baseline: rawPromises.name,
  bars: [
    {
      sizeBytes: small,
      contender: fileBackend.name,
      against: rawPromises.name,
      atMost: 1.3,
    },
    {
      sizeBytes: large,
      contender: fileBackend.name,
      against: rawPromises.name,
      atMost: 1.3,
    },
    {
      sizeBytes: small,
      contender: fileBackend.name,
      against: writeFileAtomic.name,
      atMost: 1,
    },
  ],
}
