import { PartModel, type Part } from './part-model.ts'
import type { Candle } from '../candles/candle.ts'
import type { RunEvent } from './crash-run.ts'

export interface ShowModelOptions {
  readonly candles: readonly Candle[]
  readonly symbol: string
  /** What the state that is shown is kept by. */
  readonly backend: string
  readonly plannedCrashes: number
  /** The part that the page is about. */
  readonly shown: Part
}

/** What is known of a show while it goes on: for the progress in the terminal, and for the page. */
export class ShowModel implements ShowModelOptions {
  readonly candles: readonly Candle[]
  readonly symbol: string
  readonly backend: string
  readonly plannedCrashes: number
  readonly shown: Part
  isOver = false
  readonly #parts: Readonly<Record<Part, PartModel>>
  readonly #kills = new Map<Part, () => void>()

  constructor({ candles, symbol, backend, plannedCrashes, shown }: ShowModelOptions) {
    this.candles = candles
    this.symbol = symbol
    this.backend = backend
    this.plannedCrashes = plannedCrashes
    this.shown = shown
    const timeAt = (index: number): number => candles[Math.max(index, 0)]?.timeMs ?? 0
    this.#parts = {
      uninterrupted: new PartModel('uninterrupted', timeAt),
      holdfast: new PartModel('holdfast', timeAt),
      naive: new PartModel('naive', timeAt),
    }
  }

  part(part: Part): PartModel {
    return this.#parts[part]
  }

  take(part: Part, event: RunEvent): void {
    this.#parts[part].take(event)
  }

  /** Has `kill` end the bot of a part when somebody asks for it. */
  onKill(part: Part, kill: () => void): void {
    this.#kills.set(part, kill)
  }

  /** Kills the bot that is shown with SIGKILL; gives its process id, or null when it does not live. */
  kill(): number | null {
    const { pid } = this.#parts[this.shown]
    if (pid !== null) this.#kills.get(this.shown)?.()
    return pid
  }
}
