import { once } from 'node:events'
import { openStore } from 'holdfast'
import { bundledCandles } from '../candles/bundled-candles.ts'
import { readCandles } from '../candles/read-candles.ts'
import { candleExchange } from '../candle-exchange.ts'
import { listen } from '../listen.ts'
import { exchangeServer } from './exchange-server.ts'
import { judge } from './judge.ts'
import { misbehaviour } from './misbehaviour.ts'
import { OrderBook } from './order-book.ts'
import type { ExchangeArguments } from './exchange-arguments.ts'
import type { ExchangeReport } from './exchange-report.ts'

/** What an exchange needs of the process around it. */
export interface ExchangeEnvironment {
  readonly write: (text: string) => void
  readonly report: (report: ExchangeReport) => void
  /** Ends the exchange. */
  readonly signal: AbortSignal
}

/**
 * The paper exchange, as a process of its own: listens on loopback until it is stopped. What it has
 * answered is durable; killed and started again with the same book it goes on where it was.
 * @throws BotError when the candles are wrong or the port is taken; HoldfastError.
 */
export async function runExchange(
  options: ExchangeArguments,
  { write, report, signal }: ExchangeEnvironment,
): Promise<void> {
  const { seed, refuse, fee, slippage } = options
  const candles = await readCandles(options.candles ?? bundledCandles())
  const fill = candleExchange(candles, { fee, slippage })
  await using store = await openStore(options.stateUrl)
  const book = await OrderBook.open(store, options.name, judge(fill, { seed, fraction: refuse }))
  const server = exchangeServer({
    book,
    misbehaviour: options.misbehaves ? misbehaviour(seed) : () => 'well',
    onRequest: (request) => report({ kind: 'request', ...request }),
  })
  const url = await listen(server, options.port)
  report({ kind: 'listening', url })
  write(`Exchange  ${url}, its book ${options.name} in ${store.location}\n`)
  if (!signal.aborted) await once(signal, 'abort')
  server.close()
  server.closeAllConnections()
}
