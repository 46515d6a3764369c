import type { Json } from '@holdfast/core'
import { memberOf } from './member-of.ts'
import type { Operation } from './operation.ts'
import type { SequentialModel } from './sequential-model.ts'

/** An operation on a register. `compareAndSet` sets `value` where `expected` is there, and tells whether. */
export type RegisterInput =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: Json }
  | { readonly kind: 'compareAndSet'; readonly expected: Json; readonly value: Json }

/**
 * A register that holds one JSON value, `initial` at first. `read` returns the value, `write` null,
 * `compareAndSet` whether it did.
 */
export function registerModel(initial: Json = null): SequentialModel<Json, RegisterInput, Json> {
  return {
    initial,
    apply(state, input) {
      if (input.kind === 'read') return { state, output: state }
      if (input.kind === 'write') return { state: input.value, output: null }
      const isExpected = textOf(state) === textOf(input.expected)
      return { state: isExpected ? input.value : state, output: isExpected }
    },
    changesNothing: ({ kind }, output) =>
      kind === 'read' || (kind === 'compareAndSet' && output === false),
    noticed: noticedWrites,
    parseInput,
    parseOutput: (value) => value,
  }
}

/**
 * A value that nobody read or expected was overwritten unseen, unless a comparison failed because of
 * it: that may be owed to any value.
 */
function noticedWrites(
  operations: readonly Operation<RegisterInput>[],
): (input: RegisterInput) => boolean {
  const seen = new Set<string>()
  for (const operation of operations) {
    const { input } = operation
    // One of unknown outcome may have been the only one to see what another one wrote.
    if (input.kind === 'compareAndSet') seen.add(textOf(input.expected))
    if (operation.end === null) continue
    if (input.kind === 'read') seen.add(textOf(operation.output))
    if (input.kind === 'compareAndSet' && operation.output !== true) return () => true
  }
  return (input) => input.kind !== 'read' && seen.has(textOf(input.value))
}

function textOf(value: Json): string {
  return JSON.stringify(value)
}

function parseInput(value: Json): RegisterInput {
  const kind = memberOf(value, 'kind')
  if (kind === 'read') return { kind }
  if (kind === 'write') return { kind, value: memberOf(value, 'value') }
  if (kind === 'compareAndSet') {
    return { kind, expected: memberOf(value, 'expected'), value: memberOf(value, 'value') }
  }
  throw new TypeError(`no operation on a register: ${textOf(value)}`)
}
