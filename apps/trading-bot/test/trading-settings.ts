import type { Settings } from '../src/settings.ts'

/** Settings of a run, small enough to follow by hand; `changes` go over them. */
export function tradingSettings(changes: Partial<Settings> = {}): Settings {
  const small = { symbol: 'ACME', fast: 1, slow: 2, fee: '0.01', slippage: '0' }
  return { ...small, startingCash: '1000', ...changes }
}
