import { candleExchange } from '../src/candle-exchange.ts'
import { HoldfastLedger } from '../src/holdfast-ledger.ts'
import { localExchange } from '../src/local-exchange.ts'
import type { State } from '@holdfast/core'
import type { Candle } from '../src/candles/candle.ts'
import type { Settings } from '../src/settings.ts'
import type { Trading } from '../src/trading-state.ts'

/** A ledger over `state` whose exchange is in the same process, and always answers. */
export function localLedger(
  state: State<Trading>,
  candles: readonly Candle[],
  settings: Settings,
): HoldfastLedger {
  const { signal } = new AbortController()
  return new HoldfastLedger({
    state,
    doneMs: state.value.cursor?.timeMs ?? null,
    exchange: localExchange(candleExchange(candles, settings)),
    patience: { limitMs: 0, pauseMs: 0, signal },
    timeoutMs: 1000,
    report() {},
  })
}
