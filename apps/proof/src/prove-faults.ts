/*
 * Every fault at every system call of the real binary, and a kill at every one: what `npm test` tries a
 * part of. Prints a line for each sweep, and every problem; ends with 1 where there is one.
 */
import { problemsIn } from './strace/problems-in.ts'
import { sweepErrors } from './strace/sweep-errors.ts'
import { leaveBehind, sweepKills } from './strace/sweep-kills.ts'
import { sweepFileSizes, sweepFreePages } from './strace/sweep-limits.ts'
import { SweepPlace } from './strace/sweep-place.ts'
import { tracedBackends, type TracedBackend } from './strace/traced-backend.ts'

interface Swept {
  readonly what: string
  readonly runs: number
  readonly note: string
  readonly problems: readonly string[]
}

type Sweep = (kind: TracedBackend, place: SweepPlace) => Promise<Swept>

const errors: Sweep = async (kind, place) => {
  const { calls, outcomes } = await sweepErrors(kind, place, true)
  const quiet = outcomes.filter(({ isAbsorbed }) => isAbsorbed).length
  const note = `${calls} calls; ${outcomes.length - quiet} told, ${quiet} without an effect`
  return { what: 'errors', runs: outcomes.length, note, problems: problemsIn(outcomes) }
}

const kills: Sweep = async (kind, place) => {
  const { outcomes } = await sweepKills(kind, place)
  const times = outcomes.map(({ recoveryMs }) => recoveryMs).toSorted((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)] ?? 0
  const note = `next load after ${median.toFixed(1)} ms (p50), ${times.at(-1)?.toFixed(1)} ms (most)`
  return { what: 'kills', runs: outcomes.length, note, problems: problemsIn(outcomes) }
}

/** What is killed in the middle of taking over from one that was killed at this call. */
const leftAt: Readonly<Record<TracedBackend, string>> = {
  file: 'rename',
  journal: 'link',
  'journal that compacts': 'link',
  lockfile: 'write',
  'lockfile that owns': 'write',
}

const takeovers: Sweep = async (kind, place) => {
  await leaveBehind(kind, place, leftAt[kind])
  return { ...(await kills(kind, place)), what: `kills after a kill at ${leftAt[kind]}` }
}

const limits: Sweep = async (kind, place) => {
  const pages = await sweepFreePages(kind, place, [0, 1, 2, 3, 4, 6, 8, 12])
  const sizes = await sweepFileSizes(
    kind,
    place,
    Array.from({ length: 100 }, (_, index) => 5 * index),
  )
  const outcomes = [...pages, ...sizes]
  const refused = outcomes.filter((outcome) => outcome.refused > 0).length
  const note = `${refused} with a save that was refused`
  return { what: 'limits', runs: outcomes.length, note, problems: problemsIn(outcomes) }
}

let isSound = true
for (const kind of tracedBackends) {
  for (const sweep of [errors, kills, takeovers, limits]) {
    using place = new SweepPlace()
    const { what, runs, note, problems } = await sweep(kind, place)
    console.log(`${kind}: ${what}: ${runs} runs, ${problems.length} problems; ${note}`)
    for (const problem of problems) console.log(`    ${problem}`)
    isSound &&= problems.length === 0
  }
}
process.exitCode = isSound ? 0 : 1
