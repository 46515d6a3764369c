import { Big } from 'big.js'

/** The deepest fall of an equity curve below its highest point until then. */
export interface Drawdown {
  /** The fall as a fraction of that highest point; 0 for a curve that never falls. */
  readonly fraction: Big
  /** When the highest point stood, and when the lowest after it; null for no fall. */
  readonly fromMs: number | null
  readonly toMs: number | null
}

/** Finds the maximum drawdown of a curve of times and equities. */
export function drawdown(curve: readonly (readonly [number, string])[]): Drawdown {
  let peak: { timeMs: number; equity: Big } | null = null
  let deepest: Drawdown = { fraction: new Big(0), fromMs: null, toMs: null }
  for (const [timeMs, text] of curve) {
    const equity = new Big(text)
    if (peak === null || equity.gt(peak.equity)) {
      peak = { timeMs, equity }
      continue
    }
    if (peak.equity.lte(0)) continue
    const fraction = peak.equity.minus(equity).div(peak.equity)
    if (fraction.gt(deepest.fraction)) deepest = { fraction, fromMs: peak.timeMs, toMs: timeMs }
  }
  return deepest
}
