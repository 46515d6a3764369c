import type { Json } from '@holdfast/core'
import { memberOf } from './member-of.ts'
import type { SequentialModel } from './sequential-model.ts'

/** An operation on a counter. */
export type CounterInput =
  | { readonly kind: 'add'; readonly amount: number }
  | { readonly kind: 'read' }

/** A counter that begins with 0: `add` returns the sum after it, `read` the sum. */
export function counterModel(): SequentialModel<number, CounterInput, number> {
  return {
    initial: 0,
    apply(state, input) {
      const sum = input.kind === 'add' ? state + input.amount : state
      return { state: sum, output: sum }
    },
    changesNothing: ({ kind }) => kind === 'read',
    parseInput,
    parseOutput,
  }
}

function parseInput(value: Json): CounterInput {
  const kind = memberOf(value, 'kind')
  if (kind === 'read') return { kind }
  const amount = kind === 'add' ? memberOf(value, 'amount') : null
  if (typeof amount === 'number') return { kind: 'add', amount }
  throw new TypeError(`no operation on a counter: ${JSON.stringify(value)}`)
}

function parseOutput(value: Json): number {
  if (typeof value === 'number') return value
  throw new TypeError(`no sum: ${JSON.stringify(value)}`)
}
