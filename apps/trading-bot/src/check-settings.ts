import { Big } from 'big.js'
import { BotError } from './bot-error.ts'
import type { AskedSettings, Settings } from './settings.ts'

const options: readonly (readonly [keyof Settings, option: string])[] = [
  ['symbol', '--symbol'],
  ['fast', '--fast'],
  ['slow', '--slow'],
  ['fee', '--fee'],
  ['slippage', '--slippage'],
  ['startingCash', '--cash'],
]

/**
 * Holds the settings asked for against those a state was begun with.
 * @throws BotError for the first that differs: one run has one set of settings.
 */
export function checkSettings(asked: AskedSettings, begun: Settings, state: string): void {
  for (const [key, option] of options) {
    const [wanted, stands] = [asked[key], begun[key]]
    if (wanted === undefined || isSame(key, wanted, stands)) continue
    throw new BotError(
      'state',
      `${state} was begun with ${option} ${stands}, not ${wanted}. ` +
        `Leave ${option} out to go on, take another --name, or start over with --fresh.`,
    )
  }
}

function isSame(key: keyof Settings, wanted: string | number, stands: string | number): boolean {
  return key === 'symbol' ? wanted === stands : new Big(wanted).eq(stands)
}
