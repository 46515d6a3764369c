import { openStore } from 'holdfast'
import { bundledCandles, bundledTitle } from '../candles/bundled-candles.ts'
import { readCandles } from '../candles/read-candles.ts'
import { formatCount } from '../format-count.ts'
import { labelledLines, type LabelledLine } from '../labelled-lines.ts'
import { settingsOf } from '../settings-of.ts'
import { audit, isRight, type Audit } from './audit.ts'
import { closingTable, tableText } from './closing-table.ts'
import { conclusion } from './conclusion.ts'
import { crashPlan, type PlannedKill } from './crash-plan.ts'
import { perform, type Stage } from './performance.ts'
import { ShowFiles } from './show-files.ts'
import { ShowModel } from './show-model.ts'
import { followProgress } from './show-progress.ts'
import type { Candle } from '../candles/candle.ts'
import type { PageTable } from '../page/page-message.ts'
import type { ShowPage } from '../page/show-page.ts'
import type { Progress } from '../progress.ts'
import type { Part } from './part-model.ts'
import type { RunResult } from './run-result.ts'
import type { ShowArguments } from './show-arguments.ts'

/** What the show needs of the process around it. */
export interface ShowEnvironment {
  readonly write: (text: string) => void
  readonly progress: Progress
  /** Whether people are watching. */
  readonly isTerminal: boolean
  /** Ends the show, and all processes of it. */
  readonly signal: AbortSignal
}

/** Candles a second that an eye can follow. */
const watchableSpeed = 150

/** One run, and what it came to. */
interface Outcome {
  readonly part: Part
  readonly audit: Audit
}

/**
 * The crash show, from the candles to the closing table; tells whether every number was right of the
 * bot with Holdfast, or of the one without where it runs alone.
 * @throws BotError, HoldfastError, ChildFailure; the signal's reason.
 */
export async function show(options: ShowArguments, environment: ShowEnvironment): Promise<boolean> {
  const { write, isTerminal, signal } = environment
  const hasPage = options.hasPage ?? isTerminal
  const settings = settingsOf(options.settings, options.candles)
  const candles = await readCandles(options.candles ?? bundledCandles())
  await checkStore(options)
  await using files = await ShowFiles.create()
  await files.writeCandles(candles)
  const shown = options.bots === 'naive' ? 'naive' : 'holdfast'
  const model = new ShowModel({
    candles,
    symbol: settings.symbol,
    backend: shown === 'naive' ? 'plain file' : options.stateUrl.replace(/:.*$/, ''),
    plannedCrashes: options.crashes,
    shown,
  })
  await using page = hasPage ? await openPage(model, options.port) : undefined
  const speed = options.speed ?? (hasPage ? watchableSpeed : undefined)
  const stage: Stage = { files, settings, candles, options: { ...options, speed }, model, signal }
  write(labelledLines(introduction(stage, page?.url)))
  const startedAt = performance.now()
  const { reference, outcomes } = await runAll(stage, environment)
  const columns = outcomes.map(({ part, audit: found }) => ({ title: part, audit: found }))
  const table = closingTable(reference, columns)
  write(`\n${tableText(table)}\n`)
  write(labelledLines(conclusion(model, reference, columns, performance.now() - startedAt)))
  if (page !== undefined) await endPage(page, table, environment)
  // The bot without Holdfast is there to be compared with, unless it is all there is.
  const judged = outcomes.filter(({ part }) => part === 'holdfast' || options.bots === 'naive')
  return judged.every(({ audit: found }) => isRight(found, reference))
}

/** Opens the bot's store, and closes it again: a mistake in its URL should not cost a run to find. */
async function checkStore({ stateUrl, bots }: ShowArguments): Promise<void> {
  if (bots !== 'naive') await (await openStore(stateUrl)).close()
}

/** Loaded when asked for: a show without a page should not have to read its files. */
async function openPage(model: ShowModel, port: number): Promise<ShowPage> {
  const { ShowPage: Page } = await import('../page/show-page.ts')
  return Page.open(model, port)
}

/** Leaves the page to those who look at it. */
async function endPage(
  page: ShowPage,
  table: PageTable,
  { write, signal }: ShowEnvironment,
): Promise<void> {
  page.end(table)
  if (page.viewers === 0) return
  write(labelledLines([['Page', 'stays as long as somebody looks at it; Ctrl-C ends it']]))
  await page.deserted(signal)
}

async function runAll(
  stage: Stage,
  { progress }: ShowEnvironment,
): Promise<{ reference: Audit; outcomes: Outcome[] }> {
  const { candles, model, options } = stage
  const stopReference = followProgress(model, ['uninterrupted'], progress)
  const left = await perform('uninterrupted', [], stage).finally(stopReference)
  const plan = planFor(stage, left)
  const parts: Part[] = options.bots === 'both' ? ['holdfast', 'naive'] : [options.bots]
  const stop = followProgress(model, parts, progress)
  const results = await Promise.all(parts.map((part) => perform(part, plan, stage))).finally(stop)
  model.isOver = true
  const close = lastClose(candles)
  const outcomes = results.map((result, index) => ({
    part: parts[index] ?? 'holdfast',
    audit: audit(result, left, close),
  }))
  return { reference: audit(left, left, close), outcomes }
}

function planFor({ candles, options }: Stage, { booked }: RunResult): PlannedKill[] {
  const indexAt = new Map(candles.map(({ timeMs }, index) => [timeMs, index]))
  const orderIndexes = booked.flatMap(({ order }) => indexAt.get(order.placedAt) ?? [])
  const { seed, crashes } = options
  return crashPlan({ seed, crashes, candles: candles.length, orderIndexes })
}

function lastClose(candles: readonly Candle[]): Candle['close'] {
  const last = candles.at(-1)
  if (last === undefined) throw new Error('there are no candles')
  return last.close
}

function introduction(
  { candles, options, settings }: Stage,
  pageUrl: string | undefined,
): LabelledLine[] {
  const { crashes, seed, stateUrl, name, bots } = options
  const { symbol, fast, slow } = settings
  const title = options.candles ?? bundledTitle
  const place: LabelledLine = ['State', `${name} in ${stateUrl}`]
  return [
    ['Crash show', `${formatCount(crashes)} × kill -9, seed ${seed}`],
    ['Candles', `${formatCount(candles.length)} of ${title}`],
    ['Strategy', `${symbol}, averages of ${fast} and ${slow} candles`],
    ['Exchange', 'a process of its own; drops answers, answers twice, refuses, goes down'],
    ...(bots === 'naive' ? [] : [place]),
    ...(pageUrl === undefined ? [] : [['Page', pageUrl] as const]),
  ]
}
