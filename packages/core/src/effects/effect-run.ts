import type { z } from 'zod'
import { type DiagnosticMessages, publish, type Subject } from '../diagnostics.ts'
import type { Environment } from '../environment.ts'
import { type CallLimits, callWithin } from './call-within.ts'
import type { EffectDefinition, EffectReference, Finding } from './effect.ts'
import type { EffectOptions } from './effect-options.ts'
import type { EffectSchema } from './effect-schema.ts'
import type { Intent } from './intent.ts'
import type { Intents } from './intents.ts'
import type { Operation, Settlement } from './operation.ts'
import { unanswered } from './unanswered.ts'

/** What an effect is and what it works on. */
export interface EffectTerms<T, Input extends z.ZodType, Result extends z.ZodType> {
  readonly name: string
  readonly definition: EffectDefinition<T, Input, Result>
  readonly options: EffectOptions
  readonly input: EffectSchema<Input>
  readonly result: EffectSchema<Result>
  readonly intents: Intents
  readonly subject: Subject
  readonly environment: Environment
  /** Aborted when another process has taken the state over: from then on nothing is sent. */
  readonly ownership: AbortSignal
  /** @throws HoldfastError `CLOSED` when the state is. */
  assertOpen(): void
}

type EffectStep = DiagnosticMessages['holdfast:effect']['step']

/**
 * Leads one intent to its result:
 *
 *     no intent --intend--> open --run--> answer --settle--> settled
 *                            ^  |
 *          claim (one more   |  '--find--> found --settle--> settled
 *          attempt), run     '---- absent
 *
 * Each arrow named intend, claim or settle is one commit. A crash anywhere leaves what the last commit
 * made: no intent, and nothing was sent; or an open one, which is asked for before anything is sent
 * again; or a settled one. Every failure after the intent is durable ends in `unanswered`.
 */
export class EffectRun<T, Input extends z.ZodType, Result extends z.ZodType> {
  readonly #terms: EffectTerms<T, Input, Result>
  readonly #operation: Operation
  readonly #reference: EffectReference
  readonly #startedMs: number
  #intent: Intent

  /** @param intent As it is stored now, under `id`. */
  constructor(
    terms: EffectTerms<T, Input, Result>,
    operation: Operation,
    id: string,
    intent: Intent,
  ) {
    this.#terms = terms
    this.#operation = operation
    this.#reference = { name: terms.name, id, key: intent.key }
    this.#startedMs = terms.environment.monotonicMs()
    this.#intent = intent
  }

  /**
   * Brings the intent to its result.
   * @param isNew Whether it was made just now, so that there is nothing to ask for.
   * @throws HoldfastError `OUTCOME_UNKNOWN` with `effect`; the signal's reason when a new intent was
   * taken back.
   */
  async settle(isNew: boolean): Promise<Settlement> {
    const { settled } = this.#intent
    if (settled) return { outcome: 'settled', result: settled.result }
    const operation = this.#operation
    operation.intended = this.#reference
    try {
      if (!isNew) return await this.#ask()
      this.#tell('intended')
      if (!operation.signal.aborted) return await this.#run('answered')
      await this.#terms.intents.withdraw(this.#reference.id, this.#intent)
    } catch (error) {
      this.#tell('unanswered', error)
      throw unanswered(this.#terms.subject, this.#reference, error)
    }
    operation.intended = undefined
    throw operation.signal.reason
  }

  async #ask(): Promise<Settlement> {
    const { definition } = this.#terms
    const finding = await callWithin(this.#limits, (signal) => {
      return definition.find(this.#intent.key, this.#input, { ...this.#reference, signal })
    })
    const found = isFound(finding)
    this.#tell(found ? 'found' : finding)
    if (found) return this.#record(finding.found, 'found')
    if (finding === 'unknown') throw new Error('`find` could not tell')
    return this.#repeat()
  }

  async #repeat(): Promise<Settlement> {
    // It would be sent now: not by a state that is being closed.
    this.#terms.assertOpen()
    const { intent, isOwn } = await this.#terms.intents.claim(this.#reference.id, this.#intent)
    this.#intent = intent
    if (isOwn) return this.#run('repeated')
    if (intent.settled) return { outcome: 'settled', result: intent.settled.result }
    throw new Error('another process is at it')
  }

  async #run(outcome: Settlement['outcome']): Promise<Settlement> {
    this.#tell('run')
    const attempt = this.#intent.attempts
    const answer = await callWithin(this.#limits, (signal) => {
      return this.#terms.definition.run(this.#input, { ...this.#reference, signal, attempt })
    })
    return this.#record(answer, outcome)
  }

  async #record(answer: z.output<Result>, outcome: Settlement['outcome']): Promise<Settlement> {
    const { definition, intents, result } = this.#terms
    const stored = result.encode(answer)
    const apply = (draft: unknown): unknown =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- T is what the schema gives
      definition.apply?.(draft as T, result.decode(stored), this.#input, this.#reference)
    const { id } = this.#reference
    const { intent, isOwn } = await intents.settle(id, stored, definition.apply && apply)
    this.#tell('settled')
    return { outcome: isOwn ? outcome : 'settled', result: intent.settled.result }
  }

  /** The input, made anew for each who gets it. */
  get #input(): z.output<Input> {
    return this.#terms.input.decode(this.#intent.input)
  }

  get #limits(): CallLimits {
    const { environment, options, ownership } = this.#terms
    const signals = [this.#operation.signal, ownership]
    return { timeoutMs: options.timeoutMs, signals, environment }
  }

  #tell(step: EffectStep, error?: unknown): void {
    const { environment, subject } = this.#terms
    publish('holdfast:effect', {
      ...subject,
      effect: this.#reference,
      step,
      attempt: this.#intent.attempts,
      durationMs: environment.monotonicMs() - this.#startedMs,
      ...(error !== undefined && { error }),
    })
  }
}

/** @throws TypeError for what is no finding: a mistaken answer must not be taken for `absent`. */
function isFound<Result>(finding: Finding<Result>): finding is { readonly found: Result } {
  if (finding === 'absent' || finding === 'unknown') return false
  const given: unknown = finding
  if (typeof given === 'object' && given !== null && Object.hasOwn(given, 'found')) return true
  throw new TypeError("`find` has to give { found }, 'absent' or 'unknown'")
}
