import type { Benchmark } from '../benchmark.ts'
import { contestBenchmark, type Bar } from '../contest.ts'
import { conf } from '../contenders/conf.ts'
import { journal, journalForKills } from '../contenders/journal.ts'
import { lowdb } from '../contenders/lowdb.ts'
import { rawWriteThrough } from '../contenders/raw-append.ts'
import { rawOverwrite } from '../contenders/raw-overwrite.ts'
import { sqliteRow } from '../contenders/sqlite-row.ts'
import { writeFileAtomic } from '../contenders/write-file-atomic.ts'
import { sizes, type Size } from '../size.ts'

const { small, medium, large, huge } = sizes
const all = [small, medium, large, huge]

/** What one update costs beside packages that write the whole document each time. */
export const journalPeers: Benchmark = contestBenchmark({
  name: 'journal-peers',
  title: 'one update beside whole documents',
  heats: all.map((size) => [size]),
  contenders: [
    journal,
    journalForKills,
    // What is done by hand shows how much is to be had on this disk at all.
    rawWriteThrough,
    rawOverwrite,
    writeFileAtomic,
    lowdb,
    conf,
    sqliteRow,
  ],
  baseline: journal,
  bars: [...all.map(notSlowerThanSqlite), ...faster(large, 30), ...faster(huge, 300)],
})

function notSlowerThanSqlite(size: Size): Bar {
  const against = { contender: sqliteRow, size }
  return { contender: journal, size, against, limit: { atMost: 1 } }
}

function faster(size: Size, timesFaster: number): Bar[] {
  return [writeFileAtomic, lowdb, conf].map((contender) => ({
    contender: journal,
    size,
    against: { contender, size },
    limit: { timesFaster },
  }))
}
