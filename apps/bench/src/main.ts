import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileCommit } from './benchmarks/file-commit.ts'
import { describeMachine } from './machine.ts'
import { measure } from './measure.ts'
import { parseOptions } from './options.ts'
import { createRandom } from './random.ts'
import { formatReport } from './report.ts'
import { judge, type Outcome } from './verdict.ts'

const benchmarks = [fileCommit]
const versioned = ['holdfast', 'write-file-atomic', 'zod']

const { effort, seed, directory, isJson } = parseOptions(process.argv.slice(2))
await mkdir(directory, { recursive: true })
const place = await mkdtemp(join(directory, 'run-'))
try {
  const machine = await describeMachine(place, versioned)
  const random = createRandom(seed)
  const outcomes: Outcome[] = []
  for (const benchmark of benchmarks) {
    outcomes.push(judge(benchmark, await measure(benchmark, effort, place, random)))
  }
  const report = { machine, effort, seed, outcomes }
  console.log(isJson ? JSON.stringify(report, null, 2) : formatReport(report))
  const isEveryBarMet = outcomes.every(({ verdicts }) => verdicts.every(({ isMet }) => isMet))
  process.exitCode = isEveryBarMet ? 0 : 1
} finally {
  await rm(place, { recursive: true, force: true })
}
