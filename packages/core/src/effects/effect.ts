import type { z } from 'zod'
import type { Json } from '../json.ts'

/** Which effect is meant: what it was called, and the key that the outside knows it by. */
export interface EffectReference {
  /** The name under which the effect was defined. */
  readonly name: string
  /** The id that the caller gave. */
  readonly id: string
  /**
   * The idempotency key, to be sent along (client order id, Idempotency-Key): 32 lower-case
   * hexadecimal digits, the same at every attempt, in every process and after every restart.
   */
  readonly key: string
}

/** What `run` is told besides its input. */
export interface RunContext extends EffectReference {
  /**
   * Aborted after `timeoutMs`, or when nobody waits for the result any more. What `run` gives after
   * that is not taken: `find` will tell it.
   */
  readonly signal: AbortSignal
  /** 1 for the first; one more each time that `find` had said `absent`. Durable before `run` begins. */
  readonly attempt: number
}

/** What `find` is told besides key and input. */
export interface FindContext extends EffectReference {
  /** As that of `run`. */
  readonly signal: AbortSignal
}

/**
 * What the outside says when it is asked for a key. `found`: it happened (or was definitely refused),
 * and this is its answer. `absent`: it positively did not happen; an error or an empty answer of a
 * service that is behind is not that. `unknown`: there is no telling, now.
 */
export type Finding<Result> = { readonly found: Result } | 'absent' | 'unknown'

/** How many settled ids of an effect are remembered. What is over either bound goes, oldest first. */
export interface SettledBounds {
  /** At most this many, at least 1; 1000 when left out. */
  readonly count?: number
  /** None that was settled longer ago; 30 days when left out. Looked at when another one is settled. */
  readonly ageMs?: number
}

/** What an effect is. `T` is the document of the state. */
export interface EffectDefinition<T, Input extends z.ZodType, Result extends z.ZodType> {
  /**
   * What it takes. Stored with the intent, in encoded form. An intent outlives the program that made
   * it: a schema that no longer fits what is stored leaves the intent open.
   */
  readonly input: Input
  /**
   * What the outside answers: whatever is final. A definite refusal is an answer too; make the schema
   * a union and the refusal a member of it. Where there is nothing to tell, `z.null()`.
   */
  readonly result: Result
  /**
   * Does it. Called when the intent is durable. What it returns is the outside's final answer, yes or
   * no; what it throws means that there is none, whatever was thrown: the intent stays open, and
   * nothing is sent again before `find` was asked. The outside has to be given `key`, and to do
   * nothing twice that it gets twice under one key: nothing here can keep a request that is still on
   * its way from arriving later.
   */
  readonly run: (
    input: z.output<Input>,
    context: RunContext,
  ) => Promise<z.output<Result>> | z.output<Result>
  /**
   * Asks the outside what became of `key`. What it throws counts as `unknown`. Only for something that
   * may be sent any number of times under one key is it right to answer `absent` without asking.
   */
  readonly find: (
    key: string,
    input: z.output<Input>,
    context: FindContext,
  ) => Promise<Finding<z.output<Result>>> | Finding<z.output<Result>>
  /**
   * What the answer changes in the document: a recipe as that of `update`, synchronous, and run again
   * after a conflict. Its change and the result are one commit. One that throws leaves the intent open.
   */
  readonly apply?: (
    draft: T,
    result: z.output<Result>,
    input: z.output<Input>,
    effect: EffectReference,
  ) => void | undefined
  /** How long one call of `run` or of `find` may take; 30,000 when left out. */
  readonly timeoutMs?: number
  /** How many of this effect may be under way at once in this process; 10 when left out. */
  readonly concurrency?: number
  readonly settled?: SettledBounds
}

/** How one effect is called. */
export interface EffectCallOptions {
  /**
   * Ends the call. As long as `run` has not begun, nothing was done and nothing stays recorded, and it
   * rejects with the signal's reason; afterwards as when there is no answer.
   */
  readonly signal?: AbortSignal
}

/**
 * Does the effect called `id`, once. Resolves with its result when that is durable, together with what
 * `apply` changed. `id` is the caller's name for this one deed, derived from what caused it (signal,
 * candle, message), so that the same cause gives the same id after a crash.
 *
 * An id that was settled before gives its stored result and runs nothing. One that is under way in
 * this process is joined. One that was left open is asked for (`find`) first.
 * @throws HoldfastError `OUTCOME_UNKNOWN` with `effect`: the intent is durable and stays open, since
 * there was no answer, or it could not be recorded (see `cause`); call again with the same id, or
 * `recover()`. Every error without `effect` means that `run` was not called: `INVALID` for an input
 * that the schema refuses, or another one than `id` was first called with; `CLOSED`; and what
 * `update` throws.
 */
export type Effect<Input extends z.ZodType, Result extends z.ZodType> = (
  id: string,
  input: z.output<Input>,
  options?: EffectCallOptions,
) => Promise<z.output<Result>>

/** An intent that is not settled. */
export interface PendingIntent extends EffectReference {
  /** In stored form. */
  readonly input: Json
  /** When the intent was recorded: ISO 8601, UTC. */
  readonly since: string
  /** How often `run` was, or is about to be, called. */
  readonly attempts: number
  /**
   * `running`: this process is at it. `unanswered`: it is not known whether it happened; another
   * process is at it, or one died over it, or there was no answer.
   */
  readonly state: 'running' | 'unanswered'
}

/** What `recover()` came to with one open intent. */
export interface RecoveredIntent extends EffectReference {
  /**
   * `found`: it had happened, and is settled now. `repeated`: it had not, was run again under the same
   * key, and is settled. `settled`: another call or process settled it meanwhile. `open`: there is
   * still no answer. `no-definition`: this program defines no effect of that name; it stays open.
   */
  readonly outcome: 'found' | 'repeated' | 'settled' | 'open' | 'no-definition'
  /** Why it is still open: the HoldfastError that a call would have rejected with. */
  readonly error?: unknown
}

/** How `recover()` is called. */
export interface RecoverOptions {
  /** Ends the waiting, with the signal's reason; see `EffectCallOptions.signal`. */
  readonly signal?: AbortSignal
}
