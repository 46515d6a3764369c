import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import type { Hunted } from './hunt-mutant.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('main.ts', import.meta.url))

/** Hunts every mutant, in a process of its own, whose module loader puts the bugs in. */
export async function huntAll(): Promise<Hunted[]> {
  const { stdout } = await run(process.execPath, ['--conditions=@holdfast/source', program])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Hunted => JSON.parse(line))
}

/** The mutants as a table in Markdown. */
export function mutantTable(hunted: readonly Hunted[]): string {
  const rows = hunted.map(({ backend, name, bug, by, failure }) => [
    backend,
    name,
    bug,
    by ?? '',
    failure ?? 'not caught',
  ])
  const lines = [['backend', 'mutant', 'bug', 'caught by', 'as'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const format = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines
  return [
    format(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body.map(format),
  ].join('\n')
}
