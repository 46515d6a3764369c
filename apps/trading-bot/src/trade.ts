import { runBot, type BotRun } from './bot.ts'
import { closedTrades } from './closed-trades.ts'
import { formatMoney } from './format-money.ts'
import { formatTime } from './format-time.ts'
import { pace } from './pace.ts'
import type { BotArguments } from './arguments.ts'
import type { Ledger } from './ledger.ts'
import type { MarketMoment } from './market.ts'
import type { RunEnvironment } from './run.ts'

export interface TradeOptions extends Pick<BotArguments, 'speed'> {
  readonly ledger: Ledger
  /** All candles. */
  readonly moments: readonly MarketMoment[]
  /** The index of the first that is still to be done. */
  readonly start: number
  /** The version of the state; 0 where it has none. */
  readonly version: () => number
}

/** Runs the bot over the candles from `start` on, and shows and reports how it goes. */
export async function trade(
  { ledger, moments, start, version, speed }: TradeOptions,
  { progress, report, signal }: RunEnvironment,
): Promise<BotRun> {
  const total = moments.length
  try {
    const run = await runBot({
      ledger,
      moments: moments.slice(start),
      pace: pace(speed, signal),
      signal,
      onCandle({ index, candle }, commitMs) {
        const { equityCurve, cash, fills, positions, settings } = ledger.value
        const equity = equityCurve.at(-1)?.[1] ?? cash
        const { timeMs } = candle
        report({
          kind: 'candle',
          index,
          timeMs,
          price: candle.close.toFixed(),
          equity,
          position: positions[settings.symbol] ?? null,
          version: version(),
          commitMs,
        })
        const done = index + 1
        if (!progress.isDue(done, total)) return
        const closed = closedTrades(fills).length
        const trades = closed === 1 ? '1 trade' : `${closed} trades`
        const text = `${formatTime(timeMs)}  equity ${formatMoney(equity)}  ${trades}`
        progress.show({ done, total, text })
      },
    })
    if (!run.isStopped) report({ kind: 'done' })
    return run
  } finally {
    progress.end()
  }
}
