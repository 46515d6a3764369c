import type { Json } from '@holdfast/core'
import { memberOf } from './member-of.ts'
import type { Operation } from './operation.ts'
import type { SequentialModel } from './sequential-model.ts'

/** An operation on a list. No token may be appended by two operations. */
export type AppendInput =
  | { readonly kind: 'append'; readonly token: string }
  | { readonly kind: 'read' }

/**
 * A list to which unique tokens are appended: `append` returns the token that was the last one before,
 * `read` the last one, both null for the empty list. Since each append says on which one it built,
 * a history of appends leaves hardly any choice, and finds lost, doubled and reordered ones alike.
 */
export function appendModel(): SequentialModel<string | null, AppendInput, string | null> {
  return {
    initial: null,
    apply: (state, input) => ({
      state: input.kind === 'append' ? input.token : state,
      output: state,
    }),
    changesNothing: ({ kind }) => kind === 'read',
    noticed: noticedTokens,
    parseInput,
    parseOutput,
  }
}

/** An append of unknown outcome that no completed operation saw can be left out of every order. */
function noticedTokens(
  operations: readonly Operation<AppendInput, string | null>[],
): (input: AppendInput) => boolean {
  const seen = new Set<string | null>()
  for (const operation of operations) if (operation.end !== null) seen.add(operation.output)
  return (input) => input.kind === 'append' && seen.has(input.token)
}

function parseInput(value: Json): AppendInput {
  const kind = memberOf(value, 'kind')
  if (kind === 'read') return { kind }
  const token = kind === 'append' ? memberOf(value, 'token') : null
  if (typeof token === 'string') return { kind: 'append', token }
  throw new TypeError(`no operation on a list: ${JSON.stringify(value)}`)
}

function parseOutput(value: Json): string | null {
  if (value === null || typeof value === 'string') return value
  throw new TypeError(`no token: ${JSON.stringify(value)}`)
}
