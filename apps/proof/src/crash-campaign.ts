import {
  backendScenario,
  DigestSet,
  exploreCrashes,
  SeededRandom,
  type BackendStep,
  type CrashDiskOptions,
  type CrashReport,
} from '@holdfast/testing'
import type { OpenSubject } from './subjects.ts'
import { randomWorkload, shortWorkloads, thoroughWorkload } from './workloads.ts'

/** Whom, and how far. */
export interface CrashCampaignOptions {
  readonly open: OpenSubject
  readonly isExpected?: (path: string) => boolean
  readonly seed: number
  /** Left out are the works that do not depend on the seed. */
  readonly isDrawn?: boolean
  /** It ends after the first workload with which so many different states have been recovered. */
  readonly states: number
  /** Is asked before each state; true ends the campaign. */
  readonly isOver?: () => boolean
}

/** What all workloads come to. */
export type CrashTotals = Omit<CrashReport, 'digest'> & {
  readonly workloads: number
  /** Of the digests of all workloads, in order. */
  readonly digests: readonly string[]
}

/** How a disk may behave, one after another: torn by the sector, by the page, with garbage, with blocks that are used again. */
const disks: readonly { readonly disk: CrashDiskOptions; readonly garbage?: boolean }[] = [
  { disk: { blockBytes: 512 } },
  { disk: { blockBytes: 4096 } },
  { disk: { blockBytes: 64 } },
  { disk: { blockBytes: 512 }, garbage: true },
]

/**
 * Crashes in work after work: one that has everything in it, and every short one, twice deep; then long
 * ones that the seed draws. States that another work has led to already are not counted again.
 */
export async function crashCampaign(options: CrashCampaignOptions): Promise<CrashTotals> {
  const { open, isExpected, seed, isDrawn = false, states, isOver = () => false } = options
  const seen = new DigestSet()
  const reports: CrashReport[] = []
  for (const [index, { steps, depth }] of plan(seed, isDrawn)) {
    if (seen.size >= states || isOver() || reports.some(({ failures }) => failures.length > 0))
      break
    const { disk, garbage = false } = disks[index % disks.length] ?? { disk: {} }
    // Every state of the vocabulary is opened: what was seen under one work counts for all.
    const scenario = backendScenario({
      open,
      steps,
      states: ['a', 'b'],
      ...(isExpected === undefined ? {} : { isExpected }),
    })
    reports.push(
      await exploreCrashes(scenario, { seed, depth, disk, garbage, cap: 300, seen, isOver }),
    )
  }
  return {
    seed,
    workloads: reports.length,
    points: sum(reports, ({ points }) => points),
    exhaustivePoints: sum(reports, ({ exhaustivePoints }) => exhaustivePoints),
    states: sum(reports, (report) => report.states),
    unique: seen.size,
    failures: reports.flatMap(({ failures }) => failures),
    digests: reports.map(({ digest }) => digest),
  }
}

/** Endless; numbered, so that each workload meets with the same disk in every run. */
function* plan(
  seed: number,
  isDrawn: boolean,
): Generator<[number, { readonly steps: readonly BackendStep[]; readonly depth: number }]> {
  const random = new SeededRandom(seed, 7)
  let index = 0
  const draw = (): readonly BackendStep[] => randomWorkload(random, 12)
  if (isDrawn) for (;;) yield [index++, { steps: draw(), depth: 2 }]
  const short = shuffled(shortWorkloads(), random)
  yield [index++, { steps: thoroughWorkload, depth: 2 }]
  for (const steps of short) yield [index++, { steps, depth: 1 }]
  for (let nth = 0; nth < 200; nth++) yield [index++, { steps: draw(), depth: 1 }]
  for (const steps of short) yield [index++, { steps, depth: 2 }]
  for (;;) yield [index++, { steps: draw(), depth: 2 }]
}

function shuffled<Item>(items: readonly Item[], random: SeededRandom): Item[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

function sum(reports: readonly CrashReport[], of: (report: CrashReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0)
}
