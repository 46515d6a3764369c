import { BotReport } from '../bot-report.ts'
import { ChildFailure } from '../child-failure.ts'
import { startChild, type Child, type ChildEnd } from './child.ts'
import { ExchangeProcess } from './exchange-process.ts'
import { Killer } from './killer.ts'
import type { ExchangeReport } from '../exchange/exchange-report.ts'
import type { PlannedKill } from './crash-plan.ts'

/** What a run tells about itself while it goes on. */
export type RunEvent =
  | BotReport
  | ExchangeReport
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'killed'; readonly index: number }

export interface CrashRunOptions {
  /** Arguments of the command `bot`, without the exchange's URL. */
  readonly botArgs: (life: 'first' | 'later') => readonly string[]
  readonly exchangeArgs: readonly string[]
  readonly plan: readonly PlannedKill[]
  /** The index of the candle at a time. */
  readonly indexAt: (timeMs: number) => number | undefined
  readonly cache: string
  readonly onEvent: (event: RunEvent) => void
  /** Ends the run early. */
  readonly signal: AbortSignal
}

/**
 * One bot on one exchange, from the first candle to the last, the bot being killed and started again
 * on the way.
 */
export class CrashRun {
  readonly #options: CrashRunOptions
  readonly #killer: Killer
  #bot: Child | undefined
  #index = -1
  #hasOpened = false
  #isOver = false

  constructor(options: CrashRunOptions) {
    this.#options = options
    this.#killer = new Killer(options.plan, () => this.kill())
  }

  /** Kills the bot with SIGKILL, if it lives. */
  kill(): void {
    this.#bot?.process.kill('SIGKILL')
  }

  /**
   * Runs to the end; the planned kills are made, every one.
   * @throws ChildFailure when bot or exchange fail by themselves; the signal's reason.
   */
  async finish(): Promise<void> {
    const { exchangeArgs, cache, signal } = this.#options
    const exchange = await ExchangeProcess.start({
      args: exchangeArgs,
      cache,
      onRequest: (request) => this.#take(request),
    })
    const stop = (): void => void this.#bot?.process.kill('SIGTERM')
    signal.addEventListener('abort', stop)
    try {
      // A bot that has come to its end before its last kill is started again, and killed then.
      while (!(await this.#live(exchange.url)) || this.#killer.left > 0) signal.throwIfAborted()
    } finally {
      signal.removeEventListener('abort', stop)
      await exchange.stop()
    }
  }

  /** One life of the bot; whether it was done at its end. */
  async #live(exchangeUrl: string): Promise<boolean> {
    const { botArgs, cache, onEvent, signal } = this.#options
    const args = botArgs(this.#hasOpened ? 'later' : 'first')
    const all = ['bot', ...args, '--exchange', exchangeUrl]
    this.#bot = startChild(all, cache, (message) => this.#take(BotReport.parse(message)))
    const { pid } = this.#bot.process
    if (pid !== undefined) onEvent({ kind: 'started', pid })
    // A state that is still to be removed is not killed over: the show begins with the first candle.
    if (this.#hasOpened) this.#killer.notice({ kind: this.#isOver ? 'over' : 'start' })
    const end = await this.#bot.end
    this.#bot = undefined
    this.#killer.ended(end.killedBy === 'SIGKILL')
    signal.throwIfAborted()
    return this.#isDone(end)
  }

  #isDone(end: ChildEnd): boolean {
    if (end.killedBy === 'SIGKILL') {
      this.#options.onEvent({ kind: 'killed', index: this.#index })
      return false
    }
    this.#isOver = end.exitCode === 0
    if (this.#isOver) return true
    throw new ChildFailure('bot', end.exitCode, end.stderr)
  }

  #take(event: BotReport | ExchangeReport): void {
    this.#options.onEvent(event)
    if (event.kind === 'opened') {
      this.#hasOpened = true
      this.#index = event.candles - 1
    }
    if (event.kind === 'candle') {
      this.#index = event.index
      this.#killer.notice({ kind: 'candle', index: event.index })
    }
    if (event.kind === 'ordering') this.#killer.notice({ kind: 'intent', index: this.#index })
    if (event.kind === 'request' && event.method === 'POST' && event.placedAt !== null) {
      const index = this.#options.indexAt(event.placedAt)
      if (index !== undefined) this.#killer.notice({ kind: 'sent', index })
    }
  }
}
