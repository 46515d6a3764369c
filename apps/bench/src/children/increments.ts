import { once } from 'node:events'
import { openCounter } from '../counters/open-counter.ts'
import { monotonicMs } from '../monotonic-ms.ts'
import { quantile } from '../statistics.ts'

// One of several processes that count up in one place: which counter, where, how often, how many at a
// time. Says `ready`, waits for a line, counts, and prints what it took.
const [name = '', directory = '', count = '0', inFlight = '1'] = process.argv.slice(2)
const counter = await openCounter(name, directory)
await counter.increment() // loads what the first one needs, in every process alike
process.stdout.write('ready\n')
await once(process.stdin, 'data')

const waitsMs: number[] = []
let left = Number(count)

async function countUp(): Promise<void> {
  while (left-- > 0) {
    const beganMs = performance.now()
    await counter.increment()
    waitsMs.push(performance.now() - beganMs)
  }
}

const beganMs = monotonicMs()
await Promise.all(Array.from({ length: Number(inFlight) }, countUp))
const endedMs = monotonicMs()
await counter.close()
const [p50Ms, p99Ms] = [quantile(waitsMs, 0.5), quantile(waitsMs, 0.99)]
process.stdout.write(`${JSON.stringify({ beganMs, endedMs, p50Ms, p99Ms })}\n`)
process.stdin.destroy()
