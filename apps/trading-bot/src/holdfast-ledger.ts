import { HoldfastError, type DeepReadonly, type Effect, type State } from '@holdfast/core'
import { applyOutcome } from './apply-outcome.ts'
import { BotError } from './bot-error.ts'
import { closeCandle } from './close-candle.ts'
import { OrderOutcome } from './order-outcome.ts'
import { Order, type Trading } from './trading-state.ts'
import { untilAnswered, type Patience } from './until-answered.ts'
import type { Reporter } from './bot-report.ts'
import type { Exchange } from './exchange.ts'
import type { Ledger } from './ledger.ts'
import type { MarketMoment } from './market.ts'

export interface HoldfastLedgerOptions {
  readonly state: State<Trading>
  /** The time of the last candle that the state is known to have done; null for none. */
  readonly doneMs: number | null
  readonly exchange: Exchange
  readonly patience: Patience
  /** How long the exchange may take for one answer. */
  readonly timeoutMs: number
  readonly report: Reporter
}

/**
 * The bot's state, kept with Holdfast: each candle is one commit, and each order an effect. Its intent
 * is durable before it is sent, its outcome and what that changes are one commit, and what is open after a
 * crash is asked for under the same client order id, the effect's key.
 */
export class HoldfastLedger implements Ledger {
  readonly #options: HoldfastLedgerOptions
  readonly #order: Effect<typeof Order, typeof OrderOutcome>
  #doneMs: number | null

  constructor(options: HoldfastLedgerOptions) {
    const { state, exchange, timeoutMs } = options
    this.#options = options
    this.#doneMs = options.doneMs
    this.#order = state.effect('order', {
      input: Order,
      result: OrderOutcome,
      timeoutMs,
      run: (order, { key, signal }) => exchange.place(key, order, signal),
      find: async (key, _order, { signal }) => {
        const outcome = await exchange.find(key, signal)
        return outcome === null ? 'absent' : { found: outcome }
      },
      apply: (trading, outcome, order, { id }) => applyOutcome(trading, id, order, outcome),
    })
  }

  get value(): DeepReadonly<Trading> {
    return this.#options.state.value
  }

  async recover(): Promise<void> {
    const { state, patience, report } = this.#options
    const ask = async (): Promise<void> => {
      for (const { id, outcome, error } of await state.recover({ signal: patience.signal })) {
        report({ kind: 'recovered', order: id, outcome })
        if (outcome === 'open') throw error
        if (outcome === 'no-definition') throw foreignIntent(state, id)
      }
    }
    await untilAnswered(ask, isUnanswered, patience)
  }

  async settle(id: string, order: Order): Promise<void> {
    const { patience, report } = this.#options
    report({ kind: 'ordering', order: id })
    const ask = (): Promise<OrderOutcome> => this.#order(id, order, { signal: patience.signal })
    const isSilence = (error: unknown): boolean => {
      if (!isUnanswered(error)) return false
      report({ kind: 'unanswered', order: id, reason: String(error) })
      return true
    }
    const { status } = await untilAnswered(ask, isSilence, patience)
    report({ kind: 'ordered', order: id, status })
  }

  async closeCandle(moment: MarketMoment): Promise<void> {
    const { state } = this.#options
    await state.update((draft) => {
      // What another process made of the state may have been taken in before, or by a conflict now.
      if ((draft.cursor?.timeMs ?? null) !== this.#doneMs) throw tradedElsewhere(state)
      closeCandle(draft, moment)
    })
    this.#doneMs = moment.candle.timeMs
  }
}

/** Whether an effect has no answer yet: its intent is recorded, and it may be asked again. */
function isUnanswered(error: unknown): boolean {
  return HoldfastError.is(error, 'OUTCOME_UNKNOWN') && error.effect !== undefined
}

function tradedElsewhere({ name, location }: State<Trading>): BotError {
  return new BotError(
    'state',
    `state "${name}" (${location}): another bot traded on it meanwhile; this one committed nothing ` +
      'more. Stop one of the two, or give each its own --name.',
  )
}

function foreignIntent({ name, location }: State<Trading>, id: string): BotError {
  return new BotError(
    'state',
    `state "${name}" (${location}): "${id}" was left open by another program than this bot, which ` +
      'cannot finish it. Run the program that began it.',
  )
}
