import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { applyOutcome } from '../apply-outcome.ts'
import { closeCandle } from '../close-candle.ts'
import { NoAnswer, type Exchange } from '../exchange.ts'
import { Trading, initialTrading } from '../trading-state.ts'
import { untilAnswered, type Patience } from '../until-answered.ts'
import type { Reporter } from '../bot-report.ts'
import type { Ledger } from '../ledger.ts'
import type { MarketMoment } from '../market.ts'
import type { Settings } from '../settings.ts'
import type { Order } from '../trading-state.ts'

export interface NaiveLedgerOptions {
  readonly file: string
  readonly settings: Settings
  readonly exchange: Exchange
  readonly patience: Patience
  /** How long the exchange may take for one answer. */
  readonly timeoutMs: number
  readonly report: Reporter
}

/**
 * How bots that lose money do it, for comparison: the whole state is written over itself with
 * `writeFile`, an order is sent before it is recorded, each request has a new client order id, one
 * without an answer is sent again, and a file that cannot be parsed is taken for none.
 */
export class NaiveLedger implements Ledger {
  readonly value: Trading
  /** Whether there was a file that could not be read. */
  readonly isTorn: boolean
  readonly #options: NaiveLedgerOptions

  private constructor(value: Trading, isTorn: boolean, options: NaiveLedgerOptions) {
    this.value = value
    this.isTorn = isTorn
    this.#options = options
  }

  static async open(options: NaiveLedgerOptions): Promise<NaiveLedger> {
    await mkdir(dirname(options.file), { recursive: true })
    const text = await readFile(options.file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    })
    const found = text === null ? undefined : parseTrading(text)
    const isTorn = text !== null && found === undefined
    return new NaiveLedger(found ?? initialTrading(options.settings), isTorn, options)
  }

  async recover(): Promise<void> {}

  async settle(id: string, order: Order): Promise<void> {
    const { exchange, patience, timeoutMs, report } = this.#options
    report({ kind: 'ordering', order: id })
    const outcome = await untilAnswered(
      () => exchange.place(randomUUID(), order, AbortSignal.timeout(timeoutMs)),
      (error) => {
        if (!(error instanceof NoAnswer)) return false
        report({ kind: 'unanswered', order: id, reason: error.message })
        return true
      },
      patience,
    )
    applyOutcome(this.value, id, order, outcome)
    report({ kind: 'ordered', order: id, status: outcome.status })
  }

  async closeCandle(moment: MarketMoment): Promise<void> {
    closeCandle(this.value, moment)
    await writeFile(this.#options.file, JSON.stringify(this.value))
  }
}

function parseTrading(text: string): Trading | undefined {
  try {
    return Trading.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
