import { candleExchange } from './candle-exchange.ts'
import { NoAnswer, type Exchange } from './exchange.ts'
import { HttpExchange } from './exchange/http-exchange.ts'
import { localExchange } from './local-exchange.ts'
import { untilAnswered, type Patience } from './until-answered.ts'
import type { BotArguments } from './arguments.ts'
import type { Candle } from './candles/candle.ts'
import type { Settings } from './settings.ts'

/** An exchange, and what ends the connection to it. */
export interface BotExchange extends Disposable {
  readonly exchange: Exchange
}

/**
 * The exchange that the bot trades on: the one at a URL, once it has answered, or one of its own.
 * @throws BotError when it stays away for longer than `patience`.
 */
export async function botExchange(
  { exchange: url, timeoutMs }: Pick<BotArguments, 'exchange' | 'timeoutMs'>,
  candles: readonly Candle[],
  settings: Settings,
  patience: Patience,
): Promise<BotExchange> {
  if (url === undefined) {
    return { exchange: localExchange(candleExchange(candles, settings)), [Symbol.dispose]() {} }
  }
  const exchange = new HttpExchange(url)
  await untilAnswered(
    () => exchange.greet(AbortSignal.timeout(timeoutMs)),
    (error) => error instanceof NoAnswer,
    patience,
  )
  return { exchange, [Symbol.dispose]: () => exchange.close() }
}
