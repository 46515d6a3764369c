import { formatCount } from './format-count.ts'
import { percentile } from './percentile.ts'
import type { BotRun } from './bot.ts'
import type { LabelledLine } from './labelled-lines.ts'

/** What this run cost: its commits, how long they took. */
export function runReport({ commitsMs, elapsedMs }: BotRun): LabelledLine[] {
  const p50 = percentile(commitsMs, 0.5)
  const p99 = percentile(commitsMs, 0.99)
  if (p50 === undefined || p99 === undefined) return [['Commits', 'none in this run']]
  const count = formatCount(commitsMs.length)
  const seconds = (elapsedMs / 1000).toFixed(1)
  return [
    ['Commits', `${count} in this run, in ${seconds} s`],
    ['Commit', `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`],
  ]
}
