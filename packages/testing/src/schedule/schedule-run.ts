import { hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { CrashFileSystem } from '../crash/crash-file-system.ts'
import { randomCrashImage } from '../crash/crash-image.ts'
import { bootTimeMs, crashRun } from '../crash/crash-run.ts'
import type { DiskImage } from '../crash/disk-image.ts'
import { OperationLog } from '../crash/operation-log.ts'
import { SeededRandom } from '../crash/seeded-random.ts'
import type { Decision } from './decision.ts'
import type { ProcessWork, ScheduleOptions, ScheduleScenario } from './schedule-scenario.ts'
import { ScheduledProcess } from './scheduled-process.ts'

/** How often the event loop may turn while a process does nothing that can be seen. */
const mostIdleTurns = 1000

/** Several processes on one machine, in the order that decisions make. */
export class ScheduleRun<Recovered> {
  readonly log: OperationLog = new OperationLog()
  /** What was decided, in order: enough to do it again. */
  readonly decisions: Decision[] = []
  readonly processes: ScheduledProcess[] = []
  calls = 0
  readonly #scenario: ScheduleScenario<Recovered>
  readonly #options: ScheduleOptions
  readonly #seed: number
  readonly #system: CrashFileSystem
  readonly #works: ProcessWork[] = []
  #trace = ''
  #cut: DiskImage | null = null

  constructor(scenario: ScheduleScenario<Recovered>, options: ScheduleOptions, image: DiskImage) {
    this.#scenario = scenario
    this.#options = options
    this.#seed = options.seed ?? 1
    this.#system = new CrashFileSystem({ ...options.disk, startMs: bootTimeMs(1) }, image)
  }

  /** Begins every process, up to its first call. */
  async begin(): Promise<void> {
    for (const work of this.#scenario.processes) await this.#start(work)
  }

  /** The processes that have something to do, or will have. */
  get running(): ScheduledProcess[] {
    return this.processes.filter(({ state }) => state === 'running')
  }

  /** Those that can be told to go on now; time goes by where all sleep. */
  runnable(): ScheduledProcess[] {
    const { running } = this
    const ready = running.filter(({ canRun }) => canRun)
    if (ready.length > 0 || running.length === 0) return ready
    const wakes = running.map(({ wakesAtUs }) => wakesAtUs).filter((time) => time !== null)
    if (wakes.length === 0)
      throw new Error('every process waits for something that is not simulated')
    const { clock } = this.#system.disk
    clock.advance(Math.max(0, Math.min(...wakes) - clock.nowUs))
    return running.filter(({ canRun }) => canRun)
  }

  /** Does what was decided; what cannot be done any more is left out. */
  async decide(decision: Decision): Promise<void> {
    const { mostCalls = 20_000 } = this.#options
    if (this.calls > mostCalls) throw new Error(`it does not end: ${this.calls} calls were made`)
    this.runnable()
    this.decisions.push(decision)
    for (const one of this.processes) one.pausedFor = Math.max(0, one.pausedFor - 1)
    if (decision.kind === 'wait') return this.#system.disk.clock.advance(decision.durationMs * 1000)
    if (decision.kind === 'power') return this.#cutPower(decision.draw)
    const process = this.processes[decision.id]
    if (process === undefined) return
    switch (decision.kind) {
      case 'run':
        if (process.state === 'running' && process.canRun) await this.#run(process, decision.calls)
        break
      case 'pause':
        process.pausedFor = decision.decisions
        break
      case 'kill':
        if (process.state !== 'running') break
        process.kill(decision.bytes)
        this.#trace += `${process.id}killed${decision.bytes}`
        break
      case 'restart': {
        const work = this.#works[process.id]
        if (process.state === 'killed' && work !== undefined) await this.#start(work)
      }
    }
  }

  /** Whether nobody has anything left to do. */
  get isOver(): boolean {
    return this.#cut !== null || this.running.length === 0
  }

  /** Recovers, and checks. @throws what a process threw, or the check. */
  async end(): Promise<void> {
    for (const { state, error } of this.processes) if (state === 'failed') throw error
    const start = {
      image: this.#cut ?? this.#system.disk.image(),
      boot: this.#cut === null ? 1 : 2,
      id: this.processes.length,
      seed: this.#seed,
      disk: this.#options.disk ?? {},
      operations: this.log,
    }
    const { result } = await crashRun(start, (process) => this.#scenario.recover(process), null)
    this.#scenario.check(result, this.log)
  }

  /** The same for schedules in which the same calls were made in the same order. */
  get digest(): Buffer {
    return hash('sha1', this.#trace, 'buffer')
  }

  async #start(work: ProcessWork): Promise<void> {
    const id = this.processes.length
    const process = new ScheduledProcess(
      this.#system,
      {
        log: this.log,
        seed: this.#seed,
        boot: 1,
        id,
        isAlive: (other) => this.processes[other]?.state === 'running',
      },
      (by, call) => {
        this.calls += 1
        this.#trace += `${by}${call.method}`
      },
    )
    this.processes.push(process)
    this.#works[id] = work
    process.start(work)
    await this.#settle(process)
  }

  async #run(process: ScheduledProcess, calls: number): Promise<void> {
    process.run(calls)
    await this.#settle(process)
    process.hold()
  }

  /** Waits until the process waits for us: all that it can do without a call has been done. */
  async #settle(process: ScheduledProcess): Promise<void> {
    for (let idle = 0; idle < mostIdleTurns; idle++) {
      await turn()
      if (process.state !== 'running' || process.isParked || process.wakesAtUs !== null) return
    }
    throw new Error(
      'a process waits for something that is not simulated: a timer, a thread, a real file',
    )
  }

  #cutPower(draw: number): void {
    for (const process of this.running) process.kill(0)
    this.#trace += `power${draw}`
    this.#cut = randomCrashImage(this.#system.disk, new SeededRandom(this.#seed, draw)).image
  }
}
