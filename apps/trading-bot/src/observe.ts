import { openStore } from 'holdfast'
import { closedTrades } from './closed-trades.ts'
import { formatCount } from './format-count.ts'
import { formatMoney } from './format-money.ts'
import { formatTime } from './format-time.ts'
import { labelledLines } from './labelled-lines.ts'
import { settingsOf } from './settings-of.ts'
import { tradingOptions } from './trading-options.ts'
import type { State } from '@holdfast/core'
import type { BotArguments } from './arguments.ts'
import type { RunEnvironment } from './run.ts'
import type { Trading } from './trading-state.ts'

/** How often the state is looked at where the backend tells of no change by itself. */
const lookMs = 200
/** At most one line in that time, however fast the bot is. */
const lineMs = 250

/**
 * Follows the state of a running bot, from this process, until it is stopped: a line now and then,
 * and one for each fill. Writes nothing to the state.
 * @throws HoldfastError
 */
export async function observe(
  options: BotArguments,
  { write, signal }: Pick<RunEnvironment, 'write' | 'signal'>,
): Promise<'stopped'> {
  await using store = await openStore(forReading(options.stateUrl))
  const settings = settingsOf(options.settings, options.candles)
  await using state = await store.open(options.name, { ...tradingOptions(settings), signal })
  write(labelledLines([['Observing', `${state.name} in ${state.location}; Ctrl-C ends it`]]))
  const show = shower(state, write)
  show()
  const timer = setInterval(() => {
    state.refresh().then(show, (error: unknown) => {
      write(
        `  the state cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
      )
    })
  }, lookMs)
  try {
    for await (const _ of state.changes({ signal })) show()
  } finally {
    clearInterval(timer)
  }
  return 'stopped'
}

/** A state that another process has to itself can be read by anybody, who does not ask for the same. */
function forReading(stateUrl: string): string {
  return stateUrl.startsWith('lockfile:')
    ? stateUrl.replace('mode=exclusive', 'mode=shared')
    : stateUrl
}

/** Writes what is new in the state since it was last called. */
function shower(state: State<Trading>, write: (text: string) => void): () => void {
  let shownVersion = -1
  let shownFills = state.value.fills.length
  let shownAt = Number.NEGATIVE_INFINITY
  return () => {
    const { fills, cash, equityCurve, cursor } = state.value
    for (const { side, quantity, symbol, price, timeMs } of fills.slice(shownFills)) {
      write(`  ${formatTime(timeMs)}  ${side} ${quantity} ${symbol} at ${price}\n`)
    }
    shownFills = fills.length
    const isDue = performance.now() - shownAt >= lineMs
    if (state.version === shownVersion || !isDue) return
    shownVersion = state.version
    shownAt = performance.now()
    const equity = formatMoney(equityCurve.at(-1)?.[1] ?? cash)
    const where = cursor === null ? 'no candle yet' : formatTime(cursor.timeMs)
    const trades = closedTrades(fills).length
    write(`${where}  version ${formatCount(state.version)}  equity ${equity}  ${trades} trades\n`)
  }
}
