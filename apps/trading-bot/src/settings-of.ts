import { basename, extname } from 'node:path'
import { symbolPattern } from './symbol-pattern.ts'
import { BotError } from './bot-error.ts'
import { bundledSymbol } from './candles/bundled-candles.ts'
import type { AskedSettings, Settings } from './settings.ts'

/**
 * The settings of a new run: what was asked for, and defaults for the rest. The symbol is taken from
 * the name of the candle file, where there is one that can be a symbol.
 * @throws BotError when the fast average is not over fewer candles than the slow one.
 */
export function settingsOf(asked: AskedSettings, candles: string | undefined): Settings {
  const settings: Settings = {
    symbol: asked.symbol ?? symbolOf(candles),
    fast: asked.fast ?? 20,
    slow: asked.slow ?? 50,
    fee: asked.fee ?? '0.001',
    slippage: asked.slippage ?? '0',
    startingCash: asked.startingCash ?? '100000',
  }
  if (settings.fast < settings.slow) return settings
  const problem = `--fast (${settings.fast}) must be below --slow (${settings.slow})`
  throw new BotError('usage', `${problem}. Give both. --help lists the options.`)
}

function symbolOf(candles: string | undefined): string {
  if (candles === undefined) return bundledSymbol
  const name = basename(candles, extname(candles))
  return symbolPattern.test(name) ? name : 'ASSET'
}
