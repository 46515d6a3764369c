/** One row of a candle file, not yet checked, and where it stands for messages: `line 17`. */
export interface CandleRow {
  readonly place: string
  /** What the file calls the time: `date` in CSV. */
  readonly timeName: string
  readonly values: Readonly<Record<string, unknown>>
}
