import { subscribe } from 'node:diagnostics_channel'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { z } from 'zod'
import { openJournal } from '../contenders/open-journal.ts'
import { sizes } from '../size.ts'
import { quantile } from '../statistics.ts'
import { createFills } from '../workload.ts'

// Updates on 10 MB, one awaited after another, until the journal was compacted often
// enough: a directory, how often, the divisor.
const [directory = '', compactions = '1', shrink = '1'] = process.argv.slice(2)
const sampleEveryMs = 20
const eventSchema = z.object({ error: z.unknown() })

const ledger = sizes.huge.create(Number(shrink))
const snapshotBytes = Buffer.byteLength(JSON.stringify(ledger))
const fills = createFills(ledger)
const { state, close } = await openJournal(directory, () => ledger)
await state.update((draft) => fills.change(draft, 0))

let compacted = 0
let failed = 0
subscribe('holdfast:compaction', (event) => {
  if (eventSchema.parse(event).error === null) compacted++
  else failed++
})

/** What the current epoch and temporaries take; `all` has the kept epochs as well. */
async function usedBytes(): Promise<{ current: number; all: number }> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const epochs = files.map(({ name }) => name).filter((name) => /^\d+\.jsonl$/.test(name))
  const newest = epochs.toSorted().at(-1)
  let current = 0
  let all = 0
  for (const { parentPath, name } of files) {
    const size = await stat(join(parentPath, name)).then(
      (found) => found.size,
      () => 0, // renamed or removed since it was listed
    )
    all += size
    if (name === newest || !epochs.includes(name)) current += size
  }
  return { current, all }
}

const done = new AbortController()
const updatesMs: number[] = []
const peak = { current: 0, all: 0 }

async function trade(): Promise<void> {
  for (let step = 0; !done.signal.aborted; step++) {
    const beganMs = performance.now()
    await state.update((draft) => fills.change(draft, step))
    updatesMs.push(performance.now() - beganMs)
    if (compacted + failed >= Number(compactions)) done.abort()
  }
}

async function watchDisk(): Promise<void> {
  while (!done.signal.aborted) {
    const { current, all } = await usedBytes()
    peak.current = Math.max(peak.current, current)
    peak.all = Math.max(peak.all, all)
    await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
  }
}

const delay = monitorEventLoopDelay({ resolution: 1 })
globalThis.gc?.()
delay.enable()
await Promise.all([watchDisk(), trade()])
delay.disable()
await close()
console.log(
  JSON.stringify({
    p50Ms: quantile(updatesMs, 0.5),
    p999Ms: quantile(updatesMs, 0.999),
    longestMs: quantile(updatesMs, 1),
    eventLoopDelayMs: delay.max / 1e6,
    updates: updatesMs.length,
    compacted,
    failed,
    currentPerSnapshot: peak.current / snapshotBytes,
    allPerSnapshot: peak.all / snapshotBytes,
  }),
)
