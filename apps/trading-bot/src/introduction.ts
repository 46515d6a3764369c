import { formatCount } from './format-count.ts'
import { formatMoney } from './format-money.ts'
import { formatTime } from './format-time.ts'
import { survives } from './survives.ts'
import type { Durability, State } from '@holdfast/core'
import type { LabelledLine } from './labelled-lines.ts'
import type { MarketMoment } from './market.ts'
import type { Trading } from './trading-state.ts'

export interface IntroductionOptions {
  readonly state: Pick<State<Trading>, 'location' | 'name' | 'value' | 'version'>
  readonly durability: Durability
  /** What the candles are, or their file. */
  readonly candles: string
  readonly moments: readonly MarketMoment[]
  /** The index of the first candle that is still to be done. */
  readonly start: number
}

/** What the bot says before it begins: on what, with what, where its state lies, what that survives. */
export function introduction(options: IntroductionOptions): LabelledLine[] {
  const { state, durability, candles, moments } = options
  const { symbol, fast, slow, fee, slippage, startingCash } = state.value.settings
  const costs = `fee ${fee}${slippage === '0' ? '' : `, slippage ${slippage}`}`
  return [
    ['Candles', `${formatCount(moments.length)} of ${candles}`],
    ['Strategy', `${symbol}, averages of ${fast} and ${slow} candles, ${costs}`],
    ['Cash', formatMoney(startingCash)],
    ['State', `${state.name} in ${state.location}`],
    ['Survives', survives(durability)],
    beginning(options),
  ]
}

function beginning({ state, moments, start }: IntroductionOptions): LabelledLine {
  const { version } = state
  const { cursor } = state.value
  const next = moments[start]
  if (next === undefined) {
    return ['Resumes', `at version ${version}, with nothing left to do`]
  }
  const candle = `candle ${formatCount(start + 1)} (${formatTime(next.candle.timeMs)})`
  if (cursor === null) return ['New run', `begins at ${candle}`]
  return ['Resumes', `at ${candle}, version ${version}`]
}
