import { isDeepStrictEqual, inspect } from 'node:util'
import { openStore, type Backend, type BackendModule, type OpenOptions } from '@holdfast/core'
import { z } from 'zod'
import { crashRun } from './crash-run.ts'
import type { CrashOptions, CrashScenario } from './crash-scenario.ts'
import { emptyImage } from './disk-image.ts'
import { type CrashReport, exploreCrashes } from './explore-crashes.ts'
import type { Operations } from './operation-log.ts'
import { type CrashFailure, replayCrash } from './replay-crash.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What is kept of a bot, and what it does with it. */
export interface CrashTestBot<Schema extends z.ZodType> extends OpenOptions<Schema> {
  /**
   * The bot's own updates, one after another. Each may look at nothing but the draft: it is run again
   * after a crash, and has to do the same to the same state.
   */
  readonly steps: readonly ((draft: z.output<Schema>) => void)[]
  /** Throws where a state is one that must never be: money is missing, an order is there twice. */
  readonly invariant?: (value: z.output<Schema>) => void
  /** Opens the backend that the bot uses, for one simulated process: always on the same place. */
  readonly open: (process: SimulatedProcess) => Promise<Backend>
}

/** How far to go; and `replay`, to make one crash again. */
export interface CrashTestOptions extends CrashOptions {
  /** What the failure of an earlier run told: only that crash is made. */
  readonly replay?: string
}

/**
 * Lets the power fail at every moment of a bot's work, with every part of the unsynced on the disk, starts
 * the bot again, lets the power fail in that too, and expects after each: what was acknowledged is there
 * and nothing is there by half, that is, the state is the one before or after the update that was under
 * way; the invariant holds; and the bot can go on to the end of its steps.
 * @throws Error that tells at which calls the power failed, what was on the disk, and how to make it again.
 */
export async function crashTest<Schema extends z.ZodType>(
  bot: CrashTestBot<Schema>,
  options: CrashTestOptions = {},
): Promise<CrashReport | null> {
  const scenario = new BotScenario(bot, await plannedValues(bot))
  const { replay, ...rest } = options
  if (replay !== undefined) {
    const failure = await replayCrash(replay, scenario, rest)
    if (failure !== null) throw failureError(failure)
    return null
  }
  const report = await exploreCrashes(scenario, rest)
  const [failure] = report.failures
  if (failure !== undefined) throw failureError(failure)
  return report
}

/** What was found after a crash, and at the end of the work that the bot went on with. */
interface RecoveredBot {
  readonly found: unknown
  readonly allowed: readonly number[]
  readonly last: unknown
}

class BotScenario<Schema extends z.ZodType> implements CrashScenario<RecoveredBot> {
  readonly #bot: CrashTestBot<Schema>
  /** The state before the first step, and after each. */
  readonly #values: readonly unknown[]

  constructor(bot: CrashTestBot<Schema>, values: readonly unknown[]) {
    this.#bot = bot
    this.#values = values
  }

  async workload(process: SimulatedProcess): Promise<void> {
    await run(this.#bot, process, () => 0)
  }

  async recover(process: SimulatedProcess): Promise<RecoveredBot> {
    const allowed = possibleSteps(process.operations)
    let found: unknown
    const last = await run(this.#bot, process, (value) => {
      found = value
      const done = allowed.find((step) => isDeepStrictEqual(this.#values[step], value))
      if (done === undefined) return Number.POSITIVE_INFINITY
      // What was seen once has to stay.
      const isTold = done === 0 || process.operations.acknowledged.includes(nameOf(done))
      if (!isTold) process.acknowledge(nameOf(done))
      return done
    })
    return { found, allowed, last }
  }

  check({ found, allowed, last }: RecoveredBot): void {
    const wanted = allowed.map((step) => this.#values[step])
    if (!wanted.some((value) => isDeepStrictEqual(value, found))) {
      throw new Error(
        `after the crash the state is\n${show(found)}\nand not\n${wanted.map(show).join('\nor\n')}`,
      )
    }
    const end = this.#values.at(-1)
    if (isDeepStrictEqual(last, end)) return
    throw new Error(`the bot went on, and ended with\n${show(last)}\nand not\n${show(end)}`)
  }
}

/** How many steps may have been done: those that were acknowledged, and perhaps the one under way. */
function possibleSteps({ begun, acknowledged }: Operations): number[] {
  const [done, tried] = [new Set(acknowledged).size, new Set(begun).size]
  return tried > done ? [tried, done] : [done]
}

function nameOf(step: number): string {
  return `step ${step}`
}

/** The state before the first step, and after each, where nothing goes wrong. */
async function plannedValues<Schema extends z.ZodType>(
  bot: CrashTestBot<Schema>,
): Promise<unknown[]> {
  const values: unknown[] = []
  const start = { image: emptyImage, boot: 1, seed: 1, disk: {}, operations: nothing }
  const first = (value: unknown): number => values.push(value) - 1
  await crashRun(start, (process) => run(bot, process, first, (value) => values.push(value)), null)
  return values
}

const nothing: Operations = { begun: [], acknowledged: [] }

/** Opens the state, does the steps from the one that `first` tells on, and gives the state at the end. */
async function run<Schema extends z.ZodType>(
  bot: CrashTestBot<Schema>,
  process: SimulatedProcess,
  first: (value: unknown) => number,
  onStep: (value: unknown) => void = () => undefined,
): Promise<unknown> {
  const store = await openStore(
    { backend: backendName },
    { backends: [moduleOf(() => bot.open(process))], environment: process.environment },
  )
  const state = await store.open('bot', bot)
  const look = (): unknown => {
    const value = structuredClone(state.value)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy is nobody else's to read only
    bot.invariant?.(value as z.output<Schema>)
    return value
  }
  for (let done = first(look()); done < bot.steps.length; done++) {
    const step = bot.steps[done]
    process.begin(nameOf(done + 1))
    await state.update((draft): void => step?.(draft))
    onStep(look())
    process.acknowledge(nameOf(done + 1))
  }
  const last = look()
  await store.close()
  return last
}

const backendName = 'crash-test'

function moduleOf(open: () => Promise<Backend>): BackendModule {
  return { name: backendName, schemes: [], options: z.strictObject({}), fromUrl: () => ({}), open }
}

function show(value: unknown): string {
  return inspect(value, { depth: 8, breakLength: 100 })
}

function failureError({ error, points, survivors, tree, replay }: CrashFailure): Error {
  const message = error instanceof Error ? error.message : String(error)
  const crashes = points.map(
    (point, index) =>
      `the power failed before: ${point}\n  on the disk: ${survivors[index]?.join('; ') || 'nothing unsynced'}`,
  )
  const text = [message, ...crashes, 'the disk then:', ...tree.map((line) => `  ${line}`)]
  return new Error(`${text.join('\n')}\nto make it again: replay: '${replay}'`, { cause: error })
}
