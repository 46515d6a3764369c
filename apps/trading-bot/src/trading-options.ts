import { migrateLegacyState } from './legacy-state.ts'
import { initialTrading, Trading, tradingVersion } from './trading-state.ts'
import type { OpenOptions } from '@holdfast/core'
import type { Settings } from './settings.ts'

/** How the bot opens its state: what it is, how it begins, and how an older bot's becomes it. */
export function tradingOptions(settings: Settings): OpenOptions<typeof Trading> {
  return {
    schema: Trading,
    version: tradingVersion,
    initial: () => initialTrading(settings),
    migrate: { 2: (document) => migrateLegacyState(document, settings) },
  }
}
