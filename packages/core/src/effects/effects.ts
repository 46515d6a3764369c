import type { z } from 'zod'
import { copyJson } from '../copy-json.ts'
import { HoldfastError } from '../error.ts'
import { DefinedEffect, type DefinedEffectParts } from './defined-effect.ts'
import type {
  Effect,
  EffectDefinition,
  PendingIntent,
  RecoveredIntent,
  RecoverOptions,
} from './effect.ts'
import { type Intent, isSettled, partsOf } from './intent.ts'
import type { Operation } from './operation.ts'

/** What the effects of a state work on. */
export type EffectsParts = Omit<DefinedEffectParts, 'underWay'>

/** The effects of one open state. */
export class Effects<T> {
  readonly #parts: EffectsParts
  readonly #defined = new Map<
    string,
    Pick<DefinedEffect<T, z.ZodType, z.ZodType>, 'resume' | 'refuseWaiting'>
  >()
  readonly #underWay = new Map<string, Operation>()

  constructor(parts: EffectsParts) {
    this.#parts = parts
  }

  /** See `State.effect`. */
  define<Input extends z.ZodType, Result extends z.ZodType>(
    name: string,
    definition: EffectDefinition<T, Input, Result>,
  ): Effect<Input, Result> {
    const { state, location } = this.#parts.subject
    if (this.#defined.has(name)) {
      const message = `state "${state}" (${location}): effect "${name}" is defined already`
      throw new HoldfastError('CONFIG', message, { state })
    }
    const effect = new DefinedEffect(name, definition, { ...this.#parts, underWay: this.#underWay })
    this.#defined.set(name, effect)
    return (id, input, options) => effect.call(id, input, options)
  }

  /** See `State.pending`. */
  pending(): PendingIntent[] {
    return Array.from(this.#open, ([place, { key, input, at, attempts }]) => ({
      ...partsOf(place),
      key,
      input: copyJson(input),
      since: at,
      attempts,
      state: this.#underWay.has(place) ? 'running' : 'unanswered',
    }))
  }

  /** See `State.recover`; the document has been refreshed. */
  async recover({ signal }: RecoverOptions): Promise<RecoveredIntent[]> {
    this.#parts.assertOpen()
    const recovering = Array.from(this.#open, ([place, intent]) => {
      return this.#recoverOne(place, intent, signal)
    })
    const recovered = await Promise.all(recovering)
    signal?.throwIfAborted()
    return recovered.flatMap((intent) => intent ?? [])
  }

  /** Refuses what has not begun, and waits until the rest is over. */
  async close(refusal: HoldfastError): Promise<void> {
    for (const effect of this.#defined.values()) effect.refuseWaiting(refusal)
    await Promise.all(Array.from(this.#underWay.values(), ({ over }) => over))
  }

  get #open(): ReadonlyMap<string, Intent> {
    return this.#parts.document.ledger.open
  }

  /** Undefined for an intent that is not there any more, and was not settled either. */
  async #recoverOne(
    place: string,
    intent: Intent,
    signal: AbortSignal | undefined,
  ): Promise<RecoveredIntent | undefined> {
    const { name, id } = partsOf(place)
    const reference = { name, id, key: intent.key }
    const effect = this.#defined.get(name)
    if (effect === undefined) return { ...reference, outcome: 'no-definition' }
    try {
      const { outcome } = await effect.resume(id, intent, signal)
      return { ...reference, outcome: outcome === 'answered' ? 'settled' : outcome }
    } catch (error) {
      const known = this.#parts.document.ledger.get(name, id)
      if (known === undefined) return undefined
      return isSettled(known)
        ? { ...reference, outcome: 'settled' }
        : { ...reference, outcome: 'open', error }
    }
  }
}
