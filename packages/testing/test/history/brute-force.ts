import type { Json } from '@holdfast/core'
import type { Operation, SequentialModel } from '../../src/index.ts'

/** The definition, word for word: tries every order of every choice of operations; for a handful only. */
export function isLinearizableByDefinition<
  State extends Json,
  Input extends Json,
  Output extends Json,
>(
  left: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
  state: State = model.initial,
): boolean {
  if (left.every(({ end }) => end === null)) return true
  return left.some((next) => {
    const rest = left.filter((other) => other !== next)
    if (rest.some((other) => other.end !== null && other.end < next.begin)) return false
    const result = model.apply(state, next.input)
    if (next.end !== null && JSON.stringify(next.output) !== JSON.stringify(result.output))
      return false
    return isLinearizableByDefinition(rest, model, result.state)
  })
}
