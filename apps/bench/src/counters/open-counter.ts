import type { Counter, CounterKind } from './counter.ts'
import { apartCounter, journalCounter, lockfileCounter } from './holdfast-counter.ts'
import { naiveCounter } from './naive-counter.ts'
import { rawCounter } from './raw-counter.ts'
import { sqliteCounter } from './sqlite-counter.ts'

/** Every way of keeping a counter. */
export const counterKinds: readonly CounterKind[] = [
  lockfileCounter,
  journalCounter,
  apartCounter,
  rawCounter,
  sqliteCounter,
  naiveCounter,
]

/** Opens the counter of the kind called `name` in `directory`. */
export async function openCounter(name: string, directory: string): Promise<Counter> {
  const kind = counterKinds.find((each) => each.name === name)
  if (kind === undefined) throw new TypeError(`unknown counter ${name}`)
  return kind.open(directory)
}
