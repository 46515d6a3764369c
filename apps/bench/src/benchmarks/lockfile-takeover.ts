import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openStore } from 'holdfast'
import type { Benchmark, Run } from '../benchmark.ts'
import { openCount, raise } from '../counters/count.ts'
import { monotonicMs } from '../monotonic-ms.ts'
import { atMost, type Outcome } from '../outcome.ts'
import { spread } from '../statistics.ts'

const owner = join(import.meta.dirname, '../children/owner.ts')
const limitMs = 100
/** Kills in a round. */
const kills = 5
/** How long the next owner waits before the kill, so that it surely waits. */
const waitedMs = 300

/** How soon after its owner was killed a state has the next one. */
export const lockfileTakeover: Benchmark = { name: 'lockfile-takeover', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  const takenMs: number[] = []
  let lost = 0
  const count = Math.ceil((kills * effort.rounds) / effort.shrink)
  for (let kill = 0; kill < count; kill++) {
    const own = join(directory, String(kill))
    await mkdir(own)
    const taken = await takeOver(own)
    takenMs.push(taken.ms)
    lost += taken.lost
    await rm(own, { recursive: true })
  }
  const taken = spread(takenMs)
  return {
    name: lockfileTakeover.name,
    title: `${count} owners are killed while another process waits for the state`,
    rows: [],
    figures: [{ name: "from the kill to the next owner's commit", unit: 'ms', value: taken }],
    verdicts: [
      atMost(`the next commit after at most ${limitMs} ms`, taken, limitMs),
      atMost('at most 0 updates lost', spread([lost]), 0),
    ],
  }
}

async function takeOver(directory: string): Promise<{ ms: number; lost: number }> {
  const argv = ['--conditions=@holdfast/source', owner, directory]
  const running = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  await Promise.race([once(running.stdout, 'data'), failed(once(running, 'exit'))])
  const store = await openStore({ backend: 'lockfile', directory, mode: 'exclusive', wait: 60_000 })
  const opening = openCount(store, 'count')
  await setTimeout(waitedMs)
  const killedMs = monotonicMs()
  running.kill('SIGKILL')
  const state = await opening
  await raise(state)
  const ms = monotonicMs() - killedMs
  const lost = 2 - state.value.value
  await store.close()
  return { ms, lost }
}

async function failed(exit: Promise<unknown[]>): Promise<never> {
  const [code] = await exit
  throw new Error(`an owner ended with code ${String(code)} before it had the state`)
}
