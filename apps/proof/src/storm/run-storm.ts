import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  appendModel,
  checkLinearizable,
  openHistoryRecorder,
  readHistory,
  SeededRandom,
  type Linearizability,
} from '@holdfast/testing'
import { openLists } from './open-lists.ts'
import type { Contender } from './shared-list.ts'
import { StormProcess } from './storm-process.ts'

/** From how many to how many milliseconds. */
type Range = readonly [number, number]

/** What happens to the processes of a storm. */
export interface Weather {
  /** How long each process runs before something happens to it. */
  readonly calmMs: Range
  /** For how long it is stopped; null: it is killed, and another one takes its place. */
  readonly stopMs: Range | null
}

/** A storm. */
export interface StormOptions {
  readonly contender: Contender
  readonly weather: Weather
  /** A folder of its own, which exists. */
  readonly folder: string
  /** When the storm is over: after so many events and so many operations, at least. */
  readonly events: number
  readonly operations: number
  readonly processes?: number
  readonly keys?: number
  readonly seed?: number
}

/** What came of a storm. */
export interface StormReport {
  readonly contender: Contender
  readonly seed: number
  /** How many processes were killed, or stopped and let go on. */
  readonly events: number
  readonly durationMs: number
  readonly result: Linearizability<string | null>
}

/**
 * Lets processes append to shared lists while they are killed or stopped at any time, then reads each
 * list once more, and checks the history of all of it.
 * @throws Error where a process fails by itself.
 */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const { contender, folder, processes = 4, keys = 3, seed = 1 } = options
  const lists = join(folder, 'lists')
  const histories = join(folder, 'histories')
  mkdirSync(histories)
  const started = performance.now()
  const storm = new Storm(options, (slot, life) => {
    const name = `${slot}.${life}`
    const own = seed * 1_000_003 + slot * 1009 + life
    return new StormProcess([contender, lists, histories, name, own, keys])
  })
  await Promise.all(Array.from({ length: processes }, (_, slot) => storm.keep(slot)))
  const durationMs = performance.now() - started
  using recorder = openHistoryRecorder({ directory: histories, process: 'afterwards' })
  await using afterwards = await openLists(contender, lists)
  for (let index = 0; index < keys; index += 1) {
    const key = `list-${index}`
    await recorder.record(key, { kind: 'read' }, () => afterwards.last(key))
  }
  const model = appendModel()
  const result = checkLinearizable(await readHistory(histories, model), model)
  return { contender, seed, events: storm.events, durationMs, result }
}

class Storm {
  events = 0
  readonly #options: StormOptions
  readonly #start: (slot: number, life: number) => StormProcess
  readonly #started: StormProcess[] = []
  #failure: unknown = null

  constructor(options: StormOptions, start: (slot: number, life: number) => StormProcess) {
    this.#options = options
    this.#start = start
  }

  /** Keeps one process running until the storm is over. */
  async keep(slot: number): Promise<void> {
    const { weather, seed = 1 } = this.#options
    const random = new SeededRandom(seed, slot + 1)
    const within = ([least, most]: Range): number => least + random.below(most - least)
    let life = 0
    let running = this.#begin(slot, life)
    try {
      for (;;) {
        await running.begun()
        await delay(within(weather.calmMs))
        if (running.hasEnded || this.#isOver()) break
        this.events += 1
        if (weather.stopMs === null) {
          running.signal('SIGKILL')
          await running.ended()
          life += 1
          running = this.#begin(slot, life)
        } else {
          running.signal('SIGSTOP')
          await delay(within(weather.stopMs))
          running.signal('SIGCONT')
        }
      }
      await running.stop()
    } catch (error) {
      this.#failure ??= error
      throw error
    } finally {
      running.signal('SIGKILL')
      await running.ended()
    }
  }

  #begin(slot: number, life: number): StormProcess {
    const process = this.#start(slot, life)
    this.#started.push(process)
    return process
  }

  #isOver(): boolean {
    if (this.#failure !== null) return true
    const operations = this.#started.reduce((sum, process) => sum + process.operations, 0)
    return this.events >= this.#options.events && operations >= this.#options.operations
  }
}
