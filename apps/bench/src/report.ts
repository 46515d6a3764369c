import type { Machine } from './machine.ts'
import type { Effort } from './measure.ts'
import type { Spread } from './statistics.ts'
import type { Outcome, Row, Verdict } from './verdict.ts'

/** Everything that a reader of the figures needs. */
export interface Report {
  readonly machine: Machine
  readonly effort: Effort
  readonly seed: number
  readonly outcomes: readonly Outcome[]
}

/** The report for people: a table for each benchmark, its bars, and the machine. */
export function formatReport(report: Report): string {
  const { machine, effort, seed } = report
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  return [
    ...report.outcomes.flatMap((outcome) => [formatOutcome(outcome), '']),
    `machine  ${machine.cpu}, ${machine.kernel}, ${machine.fileSystem}`,
    `versions ${versions.join(', ')}`,
    `effort   ${effort.rounds} rounds of ${effort.operations} commits each, interleaved, seed ${seed}`,
  ].join('\n')
}

function formatOutcome(outcome: Outcome): string {
  const header = ['size', 'contender', 'p50 ms', 'p25-p75', 'p99', `x ${outcome.baseline}`]
  const lines = [[...header, 'p25-p75', 'survives'], ...outcome.rows.map(formatRow)]
  return [outcome.title, ...alignColumns(lines), ...outcome.verdicts.map(formatVerdict)].join('\n')
}

function formatRow({ sizeBytes, contender, survives, ms, ratio }: Row): string[] {
  return [
    formatSize(sizeBytes),
    contender,
    ms.p50.toFixed(3),
    formatRange(ms, 3),
    ms.p99.toFixed(3),
    ratio.p50.toFixed(2),
    formatRange(ratio, 2),
    survives,
  ]
}

function formatVerdict({ sizeBytes, contender, against, atMost, ratio, isMet }: Verdict): string {
  const measured = `${ratio.p50.toFixed(2)} (${formatRange(ratio, 2)})`
  const bar = `${formatSize(sizeBytes)}: ${contender} at most ${atMost} x ${against}`
  return `${isMet ? 'pass' : 'FAIL'}  ${bar}, measured ${measured}`
}

function formatRange({ p25, p75 }: Spread, digits: number): string {
  return `${p25.toFixed(digits)}-${p75.toFixed(digits)}`
}

function formatSize(bytes: number): string {
  return `${bytes / 1024} KB`
}

function alignColumns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
