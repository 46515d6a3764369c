import { createHash, type Hash } from 'node:crypto'
import type { FileCall } from '@holdfast/fs'
import { CrashFileSystem, type Fault } from '../crash/crash-file-system.ts'
import { crashImages } from '../crash/crash-image.ts'
import { bootTimeMs, crashRun } from '../crash/crash-run.ts'
import type { DiskImage } from '../crash/disk-image.ts'
import { OperationLog } from '../crash/operation-log.ts'
import { preparedImage } from '../crash/replay-crash.ts'
import { SimulatedProcess } from '../crash/simulated-process.ts'
import type { FaultOptions, FaultScenario, PlannedFault } from './fault-scenario.ts'

/** More mean that the work goes round in circles. */
const mostCalls = 60_000

/** One run of a work that meets with one fault, or with none. */
export class FaultRun<Recovered> {
  /** Whether the fault came to pass. */
  hasStruck = false
  /** How many disks were recovered. */
  states = 0
  readonly #scenario: FaultScenario<Recovered>
  readonly #options: FaultOptions
  readonly #fault: PlannedFault | null
  readonly #digest: Hash = createHash('sha1')
  #calls = 0
  #kind: FileCall['method'] | null = null

  constructor(
    scenario: FaultScenario<Recovered>,
    options: FaultOptions,
    fault: PlannedFault | null,
  ) {
    this.#scenario = scenario
    this.#options = options
    this.#fault = fault
  }

  /** @throws what the work, a recovery or a check threw; Error where something was left open. */
  async run(onCall: (call: FileCall) => void = () => undefined): Promise<void> {
    const { seed = 1, disk = {}, cap = 20 } = this.#options
    const image = await preparedImage(this.#scenario, this.#options)
    const system = new CrashFileSystem({ ...disk, startMs: bootTimeMs(1) }, image)
    const log = new OperationLog()
    const { clock } = system.disk
    const process = new SimulatedProcess({ fileSystem: system, clock, log, seed, boot: 1, id: 0 })
    system.onCall = (call) => {
      onCall(call)
      return this.#strike(call)
    }
    await this.#scenario.workload(process, this.#fault)
    system.onCall = null
    if (this.#calls > mostCalls) throw new Error(`endless: ${mostCalls} calls were made`)
    const { openPaths } = system
    if (openPaths.length > 0) throw new Error(`leak: ${openPaths.join(', ')} was not closed`)
    await this.#recover(system.disk.image(), log, 1)
    if (cap === 0) return
    const { images } = crashImages(system.disk, { cap, seed, garbage: false })
    for (const { image: cut } of images) await this.#recover(cut, log, 2)
  }

  /** The same where the same disks were left, and the same was promised. */
  get digest(): Buffer {
    return this.#digest.copy().digest()
  }

  /** What is to happen to `call`. */
  #strike(call: FileCall): Fault | undefined {
    const number = this.#calls++
    if (number > mostCalls) throw new Error(`endless: ${mostCalls} calls were made`)
    const fault = this.#fault
    if (fault === null) return undefined
    if (number === fault.call) this.#kind = call.method
    else if (this.#kind === null || fault.mode === 'once' || call.method !== this.#kind)
      return undefined
    this.hasStruck = true
    if (typeof fault.effect === 'string') return { code: fault.effect }
    return { bytes: fault.effect }
  }

  async #recover(image: DiskImage, log: OperationLog, boot: number): Promise<void> {
    const { seed = 1, disk = {} } = this.#options
    const start = { image, boot, id: 1, seed, disk, operations: log.snapshot() }
    this.states += 1
    this.#digest.update(`${image.digest}${log.begun.join()}${log.acknowledged.join()}`)
    const { result, log: after } = await crashRun(
      start,
      (process) => this.#scenario.recover(process),
      null,
    )
    this.#scenario.check(result, after)
  }
}
