import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { Subject } from '../diagnostics.ts'
import { HoldfastError } from '../error.ts'
import type { Json } from '../json.ts'
import type { EffectCallOptions, EffectDefinition } from './effect.ts'
import { effectOptions } from './effect-options.ts'
import { EffectRun, type EffectTerms } from './effect-run.ts'
import { EffectSchema } from './effect-schema.ts'
import { type Intent, isSettled, placeOf } from './intent.ts'
import { Intents, type IntentsParts } from './intents.ts'
import { Operation, type Settlement } from './operation.ts'
import { Slots } from './slots.ts'
import { unanswered } from './unanswered.ts'

/** What an effect is defined on. */
export interface DefinedEffectParts extends Omit<IntentsParts, 'name' | 'options'> {
  readonly subject: Subject
  /** See `State.signal`. */
  readonly ownership: AbortSignal
  /** What is under way in this process, of all effects of the state, by place. */
  readonly underWay: Map<string, Operation>
  /** @throws HoldfastError `CLOSED` when the state is. */
  assertOpen(): void
}

/** One effect of an open state: its calls, each id at most once at a time. */
export class DefinedEffect<T, Input extends z.ZodType, Result extends z.ZodType> {
  readonly #terms: EffectTerms<T, Input, Result>
  readonly #underWay: Map<string, Operation>
  readonly #slots: Slots

  /** @throws HoldfastError `CONFIG`. */
  constructor(
    name: string,
    definition: EffectDefinition<T, Input, Result>,
    { underWay, ...parts }: DefinedEffectParts,
  ) {
    const { subject } = parts
    const options = effectOptions(name, definition)
    this.#terms = {
      ...parts,
      name,
      definition,
      options,
      input: new EffectSchema(definition.input, subject, `the input of effect "${name}"`),
      result: new EffectSchema(definition.result, subject, `the result of effect "${name}"`),
      intents: new Intents({ ...parts, name, options }),
    }
    this.#underWay = underWay
    this.#slots = new Slots(options.concurrency)
  }

  /** See `Effect`. */
  async call(
    id: string,
    input: z.output<Input>,
    { signal }: EffectCallOptions = {},
  ): Promise<z.output<Result>> {
    if (typeof id !== 'string' || id === '') {
      throw this.#refusal(id, 'an id is a text, and not empty')
    }
    const stored = this.#terms.input.encode(input)
    const { result } = await this.#settlement(id, stored, signal)
    return this.#terms.result.decode(result)
  }

  /** Brings an intent that was left open to its end; see `State.recover`. */
  async resume(id: string, intent: Intent, signal: AbortSignal | undefined): Promise<Settlement> {
    for (;;) {
      this.#terms.assertOpen()
      const underWay = this.#underWay.get(this.#place(id))
      if (!underWay?.signal.aborted) {
        return this.#join(underWay ?? this.#begin(id, intent.input, true), signal)
      }
      // Everybody has left it, and it is ending.
      await underWay.over
    }
  }

  /** Refuses the calls that wait until others are over. */
  refuseWaiting(error: unknown): void {
    this.#slots.refuseWaiting(error)
  }

  async #settlement(
    id: string,
    input: Json,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly result: Json }> {
    for (;;) {
      signal?.throwIfAborted()
      this.#terms.assertOpen()
      const underWay = this.#underWay.get(this.#place(id))
      const intent = underWay ? undefined : this.#terms.intents.get(id)
      const known = underWay ?? intent
      if (known) this.#assertSame(id, input, known.input)
      if (intent && isSettled(intent)) return intent.settled
      if (!underWay?.signal.aborted) {
        return this.#join(underWay ?? this.#begin(id, input, false), signal)
      }
      // Everybody has left it, and it is ending.
      await underWay.over
    }
  }

  #begin(id: string, input: Json, isLeftOpen: boolean): Operation {
    const place = this.#place(id)
    const operation = new Operation(input, async (own) => {
      try {
        const release = await this.#slots.take(own.signal)
        try {
          return await this.#carryOut(own, id, isLeftOpen)
        } finally {
          release()
        }
      } finally {
        // Before anybody hears how it ended: who then calls again must not meet it here.
        this.#underWay.delete(place)
      }
    })
    this.#underWay.set(place, operation)
    return operation
  }

  async #carryOut(operation: Operation, id: string, isLeftOpen: boolean): Promise<Settlement> {
    const { intents } = this.#terms
    const { input, signal } = operation
    const { intent, isNew } = isLeftOpen
      ? { intent: intents.present(id), isNew: false }
      : await intents.intend(id, input, signal, (known) => {
          this.#assertSame(id, input, known.input)
        })
    return new EffectRun(this.#terms, operation, id, intent).settle(isNew)
  }

  #join(operation: Operation, signal: AbortSignal | undefined): Promise<Settlement> {
    return operation.join(signal, (reason) => {
      const { intended } = operation
      return intended ? unanswered(this.#terms.subject, intended, reason) : reason
    })
  }

  /**
   * Asserts that an id that is known comes with the input that it is known with, whatever the schema
   * was when that was stored.
   */
  #assertSame(id: string, input: Json, known: Json): void {
    if (isDeepStrictEqual(input, known)) return
    if (isDeepStrictEqual(input, this.#terms.input.renew(known))) return
    const before = JSON.stringify(known)
    throw this.#refusal(id, `an id is for one deed, and it was called before with ${before}`)
  }

  #refusal(id: string, why: string): HoldfastError {
    const { name, subject } = this.#terms
    const { state, location } = subject
    const message = `state "${state}" (${location}): effect "${name}" ${JSON.stringify(id)} was refused: ${why}`
    return new HoldfastError('INVALID', message, { state })
  }

  #place(id: string): string {
    return placeOf(this.#terms.name, id)
  }
}
