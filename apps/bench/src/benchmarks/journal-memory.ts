import type { Benchmark, Run } from '../benchmark.ts'
import { atMost, type Outcome } from '../outcome.ts'
import { numbersSchema, runChild } from '../run-child.ts'
import { spread } from '../statistics.ts'

const limit = 1.5
const megabyte = 1024 * 1024

/** What a large state takes in memory beside the same document, parsed and nothing more. */
export const journalMemory: Benchmark = { name: 'journal-memory', measure }

async function measure({ effort, directory }: Run): Promise<Outcome> {
  await runChild('memory', ['prepare', directory, effort.shrink], numbersSchema)
  const parsed: number[] = []
  const opened: number[] = []
  const updated: number[] = []
  for (let round = 0; round < Math.min(effort.rounds, 3); round++) {
    const alone = await runChild('memory', ['parsed', directory, effort.shrink], numbersSchema)
    const held = await runChild('memory', ['journal', directory, effort.shrink], numbersSchema)
    parsed.push((alone['openedBytes'] ?? 0) / megabyte)
    opened.push((held['openedBytes'] ?? 0) / megabyte)
    updated.push((held['updatedBytes'] ?? 0) / megabyte)
  }
  const figures = [
    { name: 'parsed document', unit: 'MB' as const, value: spread(parsed) },
    { name: 'holdfast journal, opened', unit: 'MB' as const, value: spread(opened) },
    { name: 'holdfast journal, after 2000 updates', unit: 'MB' as const, value: spread(updated) },
  ]
  const verdictOf = (name: string, held: readonly number[]) => {
    const measured = spread(held.map((bytes, round) => bytes / (parsed[round] ?? 0)))
    return atMost(`10 MB: ${name} at most ${limit} x the parsed document`, measured, limit)
  }
  return {
    name: journalMemory.name,
    title: 'heap of a state of 10 MB',
    rows: [],
    figures,
    verdicts: [verdictOf('opened state', opened), verdictOf('state after updates', updated)],
  }
}
