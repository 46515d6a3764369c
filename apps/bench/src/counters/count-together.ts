import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { CounterKind } from './counter.ts'
import { openCounter } from './open-counter.ts'

/** How several processes count. */
export interface Crowd {
  readonly processes: number
  /** Increments of each. */
  readonly increments: number
  /** How many of them a process has under way at once. */
  readonly inFlight: number
}

/** What came of it. */
export interface CountedTogether {
  /** Increments per second, from the first one's begin to the last one's end. */
  readonly throughput: number
  /** The slowest process's time as a multiple of the fastest one's. */
  readonly unevenness: number
  /** The longest of the processes' 99th percentiles of one increment, in milliseconds. */
  readonly p99Ms: number
  /** Increments that were acknowledged and are not there; negative where there are too many. */
  readonly lost: number
}

const child = join(import.meta.dirname, '../children/increments.ts')
const resultSchema = z.object({
  beganMs: z.number(),
  endedMs: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
})

/** Lets the processes of `crowd` count up one counter in `directory`, which is made and removed. */
export async function countTogether(
  kind: CounterKind,
  crowd: Crowd,
  directory: string,
): Promise<CountedTogether> {
  await mkdir(directory)
  const counters = Array.from({ length: crowd.processes }, () => start(kind, crowd, directory))
  try {
    const lines = await Promise.all(counters.map(({ ready }) => ready))
    // One that ended instead says why.
    for (const [index, { done }] of lines.entries()) if (done) await counters[index]?.result
  } catch (error) {
    for (const { running } of counters) running.kill()
    throw error
  }
  for (const { running } of counters) running.stdin.end('go\n')
  const results = await Promise.all(counters.map(({ result }) => result))
  const counter = await openCounter(kind.name, directory)
  const found = await counter.read()
  await counter.close()
  await rm(directory, { recursive: true })
  const total = crowd.processes * crowd.increments
  const times = results.map(({ beganMs, endedMs }) => endedMs - beganMs)
  const tookMs =
    Math.max(...results.map(({ endedMs }) => endedMs)) -
    Math.min(...results.map(({ beganMs }) => beganMs))
  return {
    throughput: total / (tookMs / 1000),
    unevenness: Math.max(...times) / Math.min(...times),
    p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
    // Each process has counted once before it was ready.
    lost: total + crowd.processes - found,
  }
}

function start({ name }: CounterKind, { increments, inFlight }: Crowd, directory: string) {
  const words = [name, directory, increments, inFlight].map(String)
  const argv = ['--conditions=@holdfast/source', child, ...words]
  const running = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(running.stdout)[Symbol.asyncIterator]()
  const ready = lines.next()
  const result = readResult(name, lines, once(running, 'exit'))
  return { running, ready, result }
}

async function readResult(
  name: string,
  lines: AsyncIterator<string>,
  exit: Promise<unknown[]>,
): Promise<z.output<typeof resultSchema>> {
  const [code] = await exit
  if (code !== 0) throw new Error(`${name}: a counting process ended with code ${String(code)}`)
  const { value } = await lines.next()
  return resultSchema.parse(JSON.parse(String(value)))
}
