import { createHash, hash, type Hash } from 'node:crypto'
import { crashImages } from './crash-image.ts'
import { type CrashPoint, crashRun } from './crash-run.ts'
import type { CrashOptions, CrashScenario } from './crash-scenario.ts'
import type { CrashStep } from './crash-trail.ts'
import { DigestSet } from './digest-set.ts'
import type { DiskImage } from './disk-image.ts'
import type { Operations } from './operation-log.ts'
import { explainFailure, preparedImage, type CrashFailure } from './replay-crash.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What was explored. */
export interface CrashReport {
  readonly seed: number
  /** Moments at which the power failed. */
  readonly points: number
  /** Of these, those where every surviving subset was tried. */
  readonly exhaustivePoints: number
  /** Disks that were found after a power cut. */
  readonly states: number
  /** Of these, those that differ, as a disk or in what is owed: each was recovered and checked. */
  readonly unique: number
  readonly failures: readonly CrashFailure[]
  /** The same for the same seed: of all states, in order. */
  readonly digest: string
}

/** A disk after power cuts. */
interface CrashState {
  readonly image: DiskImage
  readonly operations: Operations
  readonly trail: readonly CrashStep[]
}

/**
 * Lets the power fail at every moment of a work, with every subset of what was not synced on the disk;
 * recovers from each, failing again in that, and checks what is there. Failures are told with the
 * fewest survivors that still fail, and as a text by which `replayCrash` makes them again.
 * @throws what `prepare` and `workload` throw.
 */
export async function exploreCrashes<Recovered>(
  scenario: CrashScenario<Recovered>,
  options: CrashOptions = {},
): Promise<CrashReport> {
  const exploration = new Exploration(scenario, options)
  await exploration.run()
  return exploration.report()
}

class Exploration<Recovered> {
  readonly #scenario: CrashScenario<Recovered>
  readonly #options: CrashOptions
  readonly #seed: number
  readonly #seen: DigestSet
  readonly #digest: Hash = createHash('sha1')
  readonly #failures: CrashFailure[] = []
  #points = 0
  #exhaustivePoints = 0
  #states = 0
  #unique = 0

  constructor(scenario: CrashScenario<Recovered>, options: CrashOptions) {
    this.#scenario = scenario
    this.#options = options
    this.#seed = options.seed ?? 1
    this.#seen = options.seen ?? new DigestSet()
  }

  async run(): Promise<void> {
    const { depth = 2 } = this.#options
    const image = await preparedImage(this.#scenario, this.#options)
    const start: CrashState = { image, operations: { begun: [], acknowledged: [] }, trail: [] }
    const { states } = await this.#crash(start, (process) => this.#scenario.workload(process))
    // First one crash, then two: what fails already after one is told as that.
    const sound: CrashState[] = []
    for (const state of states) {
      if (this.#isOver()) return
      if (await this.#recover(state, 0)) sound.push(state)
    }
    if (depth === 1) return
    for (const state of sound) {
      if (this.#isOver()) return
      await this.#recover(state, depth - 1)
    }
  }

  report(): CrashReport {
    return {
      seed: this.#seed,
      points: this.#points,
      exhaustivePoints: this.#exhaustivePoints,
      states: this.#states,
      unique: this.#unique,
      failures: this.#failures,
      digest: this.#digest.copy().digest('hex'),
    }
  }

  /** Recovers from `state`, and from every crash of that, `depth` deep; whether `state` was sound. */
  async #recover(state: CrashState, depth: number): Promise<boolean> {
    const scenario = this.#scenario
    let states: CrashState[] = []
    try {
      const crashed = await this.#crash(state, (process) => scenario.recover(process), depth > 0)
      scenario.check(crashed.result, crashed.operations)
      states = crashed.states
    } catch (error) {
      const failure = { error, trail: state.trail }
      this.#failures.push(await explainFailure(scenario, this.#options, failure))
      return false
    }
    for (const next of states) {
      if (this.#isOver()) break
      await this.#recover(next, depth - 1)
    }
    return true
  }

  /** Runs `work` on the disk of `state`, and gives what is new after a power cut at each moment of it. */
  async #crash<Result>(
    state: CrashState,
    work: (process: SimulatedProcess) => Promise<Result>,
    isCrashing = true,
  ): Promise<{ result: Result; operations: Operations; states: CrashState[] }> {
    const { image, operations, trail } = state
    const { disk = {} } = this.#options
    const states: CrashState[] = []
    const start = { image, operations, disk, seed: this.#seed, boot: trail.length + 1 }
    const { result, log } = await crashRun(
      start,
      work,
      isCrashing ? (point) => this.#collect(point, trail, states) : null,
    )
    return { result, operations: log.snapshot(), states }
  }

  #collect(point: CrashPoint, trail: readonly CrashStep[], states: CrashState[]): void {
    const depth = (this.#options.depth ?? 2) - trail.length - 1 // crashes that are still to come
    const { cap = 1000, garbage = false } = this.#options
    const { disk } = point.system
    const seed = this.#seed + point.number
    const { images, isExhaustive } = crashImages(disk, { cap, seed, garbage })
    const operations = point.log.snapshot()
    const owed = `${operations.begun.join('\0')}\n${operations.acknowledged.join('\0')}`
    this.#points += 1
    this.#states += images.length
    if (isExhaustive) this.#exhaustivePoints += 1
    for (const { image, survivors } of images) {
      const key = hash('sha1', `${image.digest}\n${owed}`, 'buffer')
      const novelty = this.#seen.add(key, depth)
      if (novelty === 'known') continue
      if (novelty === 'new') this.#unique += 1
      this.#digest.update(key)
      states.push({ image, operations, trail: [...trail, { point: point.number, survivors }] })
    }
  }

  #isOver(): boolean {
    const { mostFailures = 1, isOver } = this.#options
    return this.#failures.length >= mostFailures || isOver?.() === true
  }
}
