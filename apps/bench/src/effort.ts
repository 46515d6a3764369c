/** How much is measured. */
export interface Effort {
  readonly rounds: number
  /** Measured operations of each contender in a round. */
  readonly operations: number
  /** Operations of each contender before a round's first measured one. */
  readonly warmUp: number
  /** What every size is divided by: 1, but where the harness itself is tried out. */
  readonly shrink: number
}
