/** What the page is told when it connects. */
export interface PageShow {
  /** In seconds since 1970, as the chart takes them. */
  readonly times: readonly number[]
  readonly prices: readonly number[]
  readonly symbol: string
  readonly plannedCrashes: number
  /** Upper bounds of the histogram's columns; one more column is for what is above. */
  readonly latencyBoundsMs: readonly number[]
}

/** A line of a log, with the time of the market that it happened at. */
export interface PageLogLine {
  readonly timeMs: number
  readonly text: string
}

/** What the page is told five times a second. */
export interface PageUpdate {
  readonly status: string
  readonly isAlive: boolean
  readonly isOver: boolean
  /** Puts `values` in the place of what stands from `from` on. */
  readonly equity: { readonly from: number; readonly values: readonly number[] }
  /** The indexes of the candles at which the bot was killed. */
  readonly crashes: readonly number[]
  readonly figures: readonly (readonly [label: string, text: string])[]
  readonly holdings: readonly (readonly [label: string, text: string])[]
  readonly histogram: readonly number[]
  /** Newest first. */
  readonly recoveries: readonly PageLogLine[]
  readonly orders: readonly PageLogLine[]
  readonly table: PageTable | null
}

/** The closing table. */
export interface PageTable {
  readonly titles: readonly string[]
  readonly rows: readonly {
    readonly label: string
    readonly cells: readonly { readonly text: string; readonly isRight: boolean }[]
  }[]
}
