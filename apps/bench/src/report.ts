import type { Effort } from './effort.ts'
import type { Machine } from './machine.ts'
import type { Figure, Outcome, Row, Verdict } from './outcome.ts'
import type { Spread } from './statistics.ts'

/** Everything that a reader of the figures needs. */
export interface Report {
  readonly machine: Machine
  readonly effort: Effort
  readonly seed: number
  readonly outcomes: readonly Outcome[]
}

/** What stands below the outcomes: the machine, and how much was measured. */
export function formatConditions({ machine, effort, seed }: Omit<Report, 'outcomes'>): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  const { rounds, operations, shrink } = effort
  return [
    `machine  ${machine.cpu}, ${machine.kernel}, ${machine.fileSystem}`,
    `versions ${versions.join(', ')}`,
    `effort   ${rounds} rounds of ${operations} operations each, interleaved, seed ${seed}`,
    ...(shrink === 1 ? [] : [`sizes    divided by ${shrink}: this was a trial of the harness`]),
  ].join('\n')
}

/** One benchmark for people: a table of contenders, or a list of figures, and its bars. */
export function formatOutcome(outcome: Outcome): string {
  const header = ['size', 'contender', 'p50 ms', 'p25-p75', 'p99', `x ${outcome.baseline}`]
  const rows = outcome.rows.map(formatRow)
  const table = rows.length === 0 ? [] : [[...header, 'p25-p75', 'survives'], ...rows]
  return [
    `${outcome.title} (${outcome.name})`,
    ...alignColumns(table),
    ...alignColumns(outcome.figures.map(formatFigure)),
    ...outcome.verdicts.map(formatVerdict),
  ].join('\n')
}

function formatRow({ size, contender, survives, ms, ratio }: Row): string[] {
  return [
    size,
    contender,
    ms.p50.toFixed(3),
    formatRange(ms, 3),
    ms.p99.toFixed(3),
    ratio.p50.toFixed(2),
    formatRange(ratio, 2),
    survives,
  ]
}

function formatFigure({ name, unit, value }: Figure): string[] {
  return [name, value.p50.toFixed(2), unit, `(${formatRange(value, 2)})`]
}

function formatVerdict({ bar, measured, isMet }: Verdict): string {
  const value = `${measured.p50.toFixed(2)} (${formatRange(measured, 2)})`
  return `${isMet ? 'pass' : 'FAIL'}  ${bar}, measured ${value}`
}

function formatRange({ p25, p75 }: Spread, digits: number): string {
  return `${p25.toFixed(digits)}-${p75.toFixed(digits)}`
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
