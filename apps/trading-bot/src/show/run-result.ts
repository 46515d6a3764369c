import type { DeepReadonly } from '@holdfast/core'
import type { BookedOrder } from '../exchange/booked-order.ts'
import type { Trading } from '../trading-state.ts'

/** What a run left behind, and what was counted on the way. */
export interface RunResult {
  readonly trading: DeepReadonly<Trading>
  /** The exchange's own book. */
  readonly booked: readonly DeepReadonly<BookedOrder>[]
  readonly kills: number
  /** How often the bot found its state torn. */
  readonly torn: number
}
