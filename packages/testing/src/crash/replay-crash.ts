import { imageWith } from './crash-image.ts'
import { type CrashPoint, crashRun } from './crash-run.ts'
import { type CrashStep, formatTrail, parseTrail } from './crash-trail.ts'
import type { CrashDiskOptions } from './crash-file-system.ts'
import { type DiskImage, emptyImage } from './disk-image.ts'
import type { CrashOptions, CrashScenario } from './crash-scenario.ts'
import type { Operations } from './operation-log.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** A crash after which something was not as promised. */
export interface CrashFailure {
  /** What recovery or the check threw. */
  readonly error: unknown
  /** Before which call the power failed, once for each crash. */
  readonly points: readonly string[]
  /** What of the unsynced was on the disk, for each crash: as little as still fails. */
  readonly survivors: readonly (readonly string[])[]
  /** The disk that could not be recovered, a line for each name. */
  readonly tree: readonly string[]
  readonly operations: Operations
  /** What `replayCrash` takes. */
  readonly replay: string
}

/**
 * Makes the one crash that `replay` tells of, with the scenario and options of the exploration that
 * found it.
 * @returns the failure, or null where it does not fail any more.
 */
export async function replayCrash<Recovered>(
  replay: string,
  scenario: CrashScenario<Recovered>,
  options: CrashOptions = {},
): Promise<CrashFailure | null> {
  const { seed, steps } = parseTrail(replay)
  return replaySteps(scenario, { ...options, seed }, steps)
}

/** The failure of `trail` with as few survivors as still fail, found by leaving out one after another. */
export async function explainFailure<Recovered>(
  scenario: CrashScenario<Recovered>,
  options: CrashOptions,
  { error, trail }: { error: unknown; trail: readonly CrashStep[] },
): Promise<CrashFailure> {
  let best = await replaySteps(scenario, options, trail)
  if (best === null) {
    throw new Error(
      `The crash ${formatTrail(options.seed ?? 1, trail)} failed once and not again: the scenario is not the same in each run`,
      { cause: error },
    )
  }
  let steps = [...trail]
  for (let index = steps.length - 1; index >= 0; index--) {
    for (const survivor of steps[index]?.survivors ?? []) {
      const fewer = steps.map((step, at) =>
        at === index
          ? { ...step, survivors: step.survivors.filter((id) => id !== survivor) }
          : step,
      )
      const failure = await replaySteps(scenario, options, fewer)
      if (failure === null) continue
      best = failure
      steps = fewer
    }
  }
  return best
}

/** The disk that the work begins on. */
export async function preparedImage(
  scenario: { readonly prepare?: (process: SimulatedProcess) => Promise<void> },
  { seed = 1, disk = {} }: { readonly seed?: number; readonly disk?: CrashDiskOptions },
): Promise<DiskImage> {
  if (scenario.prepare === undefined) return emptyImage
  const start = { image: emptyImage, boot: 0, seed, disk, operations: nothing }
  const { system } = await crashRun(start, (process) => scenario.prepare?.(process) ?? none(), null)
  return system.disk.image()
}

const nothing: Operations = { begun: [], acknowledged: [] }

function none(): Promise<void> {
  return Promise.resolve()
}

async function replaySteps<Recovered>(
  scenario: CrashScenario<Recovered>,
  options: CrashOptions,
  steps: readonly CrashStep[],
): Promise<CrashFailure | null> {
  const { seed = 1, disk = {} } = options
  const points: string[] = []
  const survivors: string[][] = []
  let image = await preparedImage(scenario, options)
  let operations = nothing
  for (const [index, step] of steps.entries()) {
    const start = { image, boot: index + 1, seed, disk, operations }
    const found = await crashAt(
      start,
      (process): Promise<unknown> =>
        index === 0 ? scenario.workload(process) : scenario.recover(process),
      step,
    )
    if (found === null) return null
    image = found.image
    operations = found.operations
    points.push(found.call)
    survivors.push(found.survivors)
  }
  const failed = { points, survivors, tree: image.tree(), replay: formatTrail(seed, steps) }
  try {
    const start = { image, boot: steps.length + 1, seed, disk, operations }
    const { result, log } = await crashRun(start, (process) => scenario.recover(process), null)
    operations = log.snapshot()
    scenario.check(result, operations)
    return null
  } catch (error) {
    return { ...failed, error, operations }
  }
}

interface FoundCrash {
  readonly image: DiskImage
  readonly operations: Operations
  readonly call: string
  readonly survivors: string[]
}

/** The disk after a power cut at one moment of `work`; null where it has no such moment. */
async function crashAt(
  start: Parameters<typeof crashRun>[0],
  work: (process: SimulatedProcess) => Promise<unknown>,
  step: CrashStep,
): Promise<FoundCrash | null> {
  let found: FoundCrash | null = null
  const take = ({ number, call, system, log }: CrashPoint): void => {
    if (number !== step.point) return
    const image = imageWith(system.disk, step.survivors)
    const causes = [...system.disk.inodes.values()].flatMap(({ changes }) =>
      changes
        .filter(({ id, state }) => state !== 'durable' && step.survivors.includes(id))
        .map(({ cause }) => cause),
    )
    found = { image, operations: log.snapshot(), call, survivors: causes }
  }
  try {
    await crashRun(start, work, take)
  } catch (error) {
    // Past the moment the work may fail as it likes.
    if (found === null) throw error
  }
  return found
}
