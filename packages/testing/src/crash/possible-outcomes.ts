import type { Operations } from './operation-log.ts'

/** Of so many operations in doubt every combination is tried: more are a mistake in the scenario. */
const mostInDoubt = 12

/**
 * What there may be after a crash: the acknowledged operations have happened, in the order in which
 * they were begun, and each of those that were begun and not acknowledged has happened or not.
 * @param apply Gives the next state; must not change the one it is given.
 */
export function possibleOutcomes<State>(
  { begun, acknowledged }: Operations,
  initial: State,
  apply: (state: State, operation: string) => State,
): State[] {
  const certain = new Set(acknowledged)
  const doubtful = begun.filter((operation) => !certain.has(operation))
  if (doubtful.length > mostInDoubt) {
    throw new RangeError(`${doubtful.length} operations were begun and not acknowledged`)
  }
  let states = [initial]
  for (const operation of begun) {
    const after = states.map((state) => apply(state, operation))
    states = certain.has(operation) ? after : [...states, ...after]
  }
  return states
}
