import { BotError } from '../bot-error.ts'

/** A BotError about a candle file: which file, where in it, what is wrong, what to do. */
export function candleError(
  file: string,
  place: string | null,
  problem: string,
  remedy: string,
  options?: ErrorOptions,
): BotError {
  const where = place === null ? file : `${file}, ${place}`
  return new BotError('candles', `${where}: ${problem}. ${remedy}.`, options)
}
