import type { Subject } from '../diagnostics.ts'
import { HoldfastError } from '../error.ts'
import type { EffectReference } from './effect.ts'

/** `OUTCOME_UNKNOWN` of an effect whose intent stays open, and why it does. */
export function unanswered(
  { state, location }: Subject,
  { name, id, key }: EffectReference,
  cause: unknown,
): HoldfastError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message =
    `state "${state}" (${location}): whether effect "${name}" "${id}" (key ${key}) happened is not on ` +
    `record: ${why}. Its intent stays open: call it again with the same id, or recover()`
  return new HoldfastError('OUTCOME_UNKNOWN', message, { state, effect: { name, id, key }, cause })
}
