import { rm } from 'node:fs/promises'
import { botExchange } from '../bot-exchange.ts'
import { bundledCandles, bundledTitle } from '../candles/bundled-candles.ts'
import { readCandles } from '../candles/read-candles.ts'
import { firstCandle } from '../first-candle.ts'
import { labelledLines } from '../labelled-lines.ts'
import { market } from '../market.ts'
import { report as reportOf } from '../report.ts'
import { settingsOf } from '../settings-of.ts'
import { trade } from '../trade.ts'
import { NaiveLedger } from './naive-ledger.ts'
import type { BotArguments } from '../arguments.ts'
import type { RunEnvironment } from '../run.ts'
import type { Patience } from '../until-answered.ts'

/** The same bot without Holdfast, its state in `file`; see NaiveLedger. */
export async function runNaive(
  file: string,
  options: BotArguments,
  environment: RunEnvironment,
): Promise<'done' | 'stopped'> {
  const { write, report, signal } = environment
  const { timeoutMs, patienceMs, speed } = options
  const settings = settingsOf(options.settings, options.candles)
  const candles = await readCandles(options.candles ?? bundledCandles())
  const patience: Patience = { limitMs: patienceMs, pauseMs: 20, signal }
  using trading = await botExchange(options, candles, settings, patience)
  const { exchange } = trading
  if (options.isFresh) await rm(file, { force: true })
  const ledger = await NaiveLedger.open({ file, settings, exchange, patience, timeoutMs, report })
  const moments = market(candles, ledger.value.settings)
  const names = { state: file, candles: options.candles ?? bundledTitle }
  const start = firstCandle(ledger.value.cursor, moments, names)
  const torn = ledger.isTorn ? ', which was torn: starting over' : ''
  write(`Naive     state in ${file}${torn}\n`)
  report({
    kind: 'opened',
    location: file,
    survives: 'nothing for sure',
    version: 0,
    candles: start,
    startMs: performance.now(),
    isTorn: ledger.isTorn,
    openIntents: [],
  })
  const done = await trade({ ledger, moments, start, version: () => 0, speed }, environment)
  if (done.isStopped) return 'stopped'
  write(`\n${labelledLines(reportOf(ledger.value))}`)
  return 'done'
}
