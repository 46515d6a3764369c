import type { Json } from '@holdfast/core'

/** A call of which it is known that it was made. */
interface Call<Input> {
  /** Who made it, for the explanation of a violation. */
  readonly process: string
  /** The object that was called: operations on different keys have nothing to do with each other. */
  readonly key: string
  readonly input: Input
  /** Nanoseconds on a clock that all processes share: it took effect at this time at the earliest. */
  readonly begin: bigint
}

/** A call that returned: it took effect, once, between `begin` and `end`. */
export interface CompletedOperation<Input = Json, Output = Json> extends Call<Input> {
  readonly end: bigint
  readonly output: Output
}

/**
 * A call that never returned: its process was killed, or could not tell. It took effect once, at any
 * time after `begin`, or never.
 */
export interface UnknownOperation<Input = Json> extends Call<Input> {
  readonly end: null
}

/** One call of a history. A call that is known to have had no effect is left out of the history. */
export type Operation<Input = Json, Output = Json> =
  | CompletedOperation<Input, Output>
  | UnknownOperation<Input>
