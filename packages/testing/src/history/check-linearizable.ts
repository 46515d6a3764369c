import type { Json } from '@holdfast/core'
import { linearize } from './linearize.ts'
import type { Operation } from './operation.ts'
import type { SequentialModel } from './sequential-model.ts'
import { violationOf, type Violation } from './violation.ts'

/** How long to search. */
export interface LinearizabilityOptions {
  /** How many partial orders are looked at for one key before the search gives up; 5 million when left out. */
  readonly maxSteps?: number
}

/** What a history was found to be. */
export type Linearizability<State> = {
  /** How many keys the history has, how many operations, and of how many the outcome is unknown. */
  readonly keys: number
  readonly operations: number
  readonly unknown: number
  /** How many partial orders were looked at. */
  readonly steps: number
} & (
  | { readonly verdict: 'linearizable' }
  | { readonly verdict: 'violated'; readonly violation: Violation<State> }
  /** The search gave up on this key: nothing was shown. */
  | { readonly verdict: 'undecided'; readonly key: string }
)

/**
 * Tells whether the history could have come from one object per key that does one operation at a time
 * and behaves as `model`: whether there is an order of the operations that explains every output, in
 * which no operation comes before one that had ended when it began. An operation of unknown outcome
 * comes at any place after its beginning, or not at all. (Herlihy and Wing, Linearizability, 1990.)
 *
 * The answer is exact in both directions, save for `undecided`. The problem is NP-complete; what
 * processes record in practice is decided in little more than one step for each operation.
 * @throws TypeError for an operation that ends before it begins.
 */
export function checkLinearizable<State extends Json, Input extends Json, Output extends Json>(
  history: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
  { maxSteps = 5_000_000 }: LinearizabilityOptions = {},
): Linearizability<State> {
  for (const { process, begin, end } of history) {
    if (end !== null && end < begin) {
      throw new TypeError(`an operation of ${process} begins at ${begin} and ends at ${end}`)
    }
  }
  const byKey = new Map<string, Operation<Input, Output>[]>()
  for (const operation of history) {
    const operations = byKey.get(operation.key)
    if (operations === undefined) byKey.set(operation.key, [operation])
    else operations.push(operation)
  }
  const unknown = history.filter(({ end }) => end === null).length
  const counts = { keys: byKey.size, operations: history.length, unknown }
  let steps = 0
  for (const [key, operations] of byKey) {
    const found = linearize(operations, model, maxSteps)
    steps += found.steps
    if (found.verdict === 'undecided') return { ...counts, steps, verdict: 'undecided', key }
    if (found.verdict === 'violated') {
      return { ...counts, steps, verdict: 'violated', violation: violationOf(operations, found) }
    }
  }
  return { ...counts, steps, verdict: 'linearizable' }
}
