import type { Json } from '@holdfast/core'
import type { Operation } from './operation.ts'

/**
 * What an object does when it is called by one caller at a time. Values are the same where their JSON
 * text is.
 */
export interface SequentialModel<State extends Json, Input extends Json, Output extends Json> {
  /** The state of every key before the first operation. */
  readonly initial: State
  /** What `input` gives in `state`, and the state after it. Pure: `state` stays as it is. */
  apply(state: State, input: Input): { readonly state: State; readonly output: Output }
  /**
   * Whether an operation that returned `output` leaves the state as it is, whatever the state: a read
   * does. It only saves time: without this method every operation is taken for one that may not.
   */
  changesNothing?(input: Input, output: Output): boolean
  /**
   * Tells from all operations of a key which ones of unknown outcome somebody may have noticed; the
   * others are left out. False may be told only where leaving the operation out makes no linearizable
   * history unlinearizable. It only saves time: without this method all are tried.
   */
  noticed?(operations: readonly Operation<Input, Output>[]): (input: Input) => boolean
  /** Reads an input, or an output, that was recorded as JSON. @throws TypeError for anything else. */
  parseInput(value: Json): Input
  parseOutput(value: Json): Output
}
