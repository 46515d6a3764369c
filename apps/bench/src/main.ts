import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileCommit } from './benchmarks/file-commit.ts'
import { journalBatch } from './benchmarks/journal-batch.ts'
import { journalKeys } from './benchmarks/journal-keys.ts'
import { journalLoad } from './benchmarks/journal-load.ts'
import { journalMemory } from './benchmarks/journal-memory.ts'
import { journalPeers } from './benchmarks/journal-peers.ts'
import { journalSteady } from './benchmarks/journal-steady.ts'
import { journalUpdate } from './benchmarks/journal-update.ts'
import { lockfileAloneBenchmark } from './benchmarks/lockfile-alone.ts'
import { lockfileDelivery } from './benchmarks/lockfile-delivery.ts'
import { lockfileInFlight } from './benchmarks/lockfile-in-flight.ts'
import { lockfileProcesses } from './benchmarks/lockfile-processes.ts'
import { lockfileTakeover } from './benchmarks/lockfile-takeover.ts'
import { choose } from './choose.ts'
import { describeMachine } from './machine.ts'
import { parseOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { createRandom } from './random.ts'
import { formatConditions, formatOutcome } from './report.ts'

const benchmarks = [
  fileCommit,
  journalUpdate,
  journalPeers,
  journalBatch,
  journalKeys,
  journalSteady,
  journalLoad,
  journalMemory,
  lockfileAloneBenchmark,
  lockfileProcesses,
  lockfileInFlight,
  lockfileDelivery,
  lockfileTakeover,
]
const versioned = ['holdfast', 'write-file-atomic', 'lowdb', 'conf', 'proper-lockfile', 'zod']

const { chosen, effort, seed, directory, isJson } = parseOptions(process.argv.slice(2))
const meant = choose(benchmarks, chosen)
await mkdir(directory, { recursive: true })
const place = await mkdtemp(join(directory, 'run-'))
try {
  const conditions = { machine: await describeMachine(place, versioned), effort, seed }
  const random = createRandom(seed)
  const outcomes: Outcome[] = []
  for (const benchmark of meant) {
    const own = join(place, benchmark.name)
    await mkdir(own)
    const outcome = await benchmark.measure({ effort, directory: own, random })
    outcomes.push(outcome)
    // At once: a run takes minutes, and what is measured so far should not be lost with it.
    if (!isJson) console.log(`${formatOutcome(outcome)}\n`)
  }
  const report = { ...conditions, outcomes }
  console.log(isJson ? JSON.stringify(report, null, 2) : formatConditions(conditions))
  const isEveryBarMet = outcomes.every(({ verdicts }) => verdicts.every(({ isMet }) => isMet))
  process.exitCode = isEveryBarMet ? 0 : 1
} finally {
  await rm(place, { recursive: true, force: true })
}
