/** What a BotError is about; decides the exit code. */
export type BotErrorKind = 'usage' | 'candles' | 'state' | 'exchange'

/**
 * Something the user can put right: a wrong option, a bad candle file, a state that does not fit
 * them. The message says what is wrong, where, and what to do about it; it is shown without a stack.
 */
export class BotError extends Error {
  readonly kind: BotErrorKind

  constructor(kind: BotErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BotError'
    this.kind = kind
  }
}
