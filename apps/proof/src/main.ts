import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { ProveResult, ProveTask } from './prove-task.ts'

const { values } = parseArgs({
  options: {
    states: { type: 'string', default: '10000000' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
  },
})
const [states, seconds, firstSeed] = [values.states, values.seconds, values.seed].map(Number)
if (states === undefined || seconds === undefined || firstSeed === undefined) throw new TypeError()
const endMs = Date.now() + seconds * 1000
const kinds = ['schedules', 'faults', 'file', 'journal'] as const
/** The first ones have room for every short work. */
const [firstSize, size] = [100_000, 25_000]

const totals = { points: 0, exhaustivePoints: 0, states: 0, unique: 0, schedules: 0, faults: 0 }
const failures: string[] = []
let next = 0

console.log(`seeds from ${firstSeed}; again: npm run prove -- --seed ${firstSeed}`)
await Promise.all(Array.from({ length: availableParallelism() }, work))
report()
for (const failure of failures) console.log(failure)
process.exitCode = failures.length === 0 ? 0 : 1

/** One thread, and what it is given, piece after piece. */
async function work(): Promise<void> {
  const worker = new Worker(new URL('prove-worker.ts', import.meta.url), {
    execArgv: ['--conditions=@holdfast/source'],
  })
  while (totals.unique < (states ?? 0) && Date.now() < endMs && failures.length === 0) {
    const result = await ask(worker, nextTask())
    totals.points += result.points
    totals.exhaustivePoints += result.exhaustivePoints
    totals.states += result.states
    totals.unique += result.unique
    totals.schedules += result.schedules
    totals.faults += result.faults
    failures.push(...result.failures)
    report()
  }
  await worker.terminate()
}

function nextTask(): ProveTask {
  const round = Math.floor(next / kinds.length)
  const kind = kinds[next % kinds.length] ?? 'file'
  next += 1
  const isFirst = round === 0
  const seed = (firstSeed ?? 0) + round
  return { kind, seed, isFirst, size: isFirst ? firstSize : size, endMs }
}

function ask(worker: Worker, task: ProveTask): Promise<ProveResult> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (result: ProveResult) => {
      worker.off('error', reject)
      resolve(result)
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task)
  })
}

function report(): void {
  const share = ((100 * totals.exhaustivePoints) / Math.max(1, totals.points)).toFixed(1)
  const counts = Object.entries(totals).filter(([name]) => name !== 'exhaustivePoints')
  const text = counts.map(([name, count]) => `${count.toLocaleString('en')} ${name}`).join(', ')
  console.log(`${text}; ${share} % of the points exhaustively; ${failures.length} failures`)
}
