import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candle } from '../candles/candle.ts'

/** The files of one show, besides the bot's state; disposing of it removes them. */
export class ShowFiles implements AsyncDisposable {
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
  }

  static async create(): Promise<ShowFiles> {
    return new ShowFiles(await mkdtemp(join(tmpdir(), 'holdfast-show-')))
  }

  /** Where the candles lie that all processes read. */
  get candles(): string {
    return join(this.directory, 'candles.json')
  }

  /** Where Node.js keeps compiled sources. */
  get cache(): string {
    return join(this.directory, 'compile-cache')
  }

  /** The state of the bot without Holdfast. */
  get naiveState(): string {
    return join(this.directory, 'naive', 'state.json')
  }

  /** The URL of a store for what a part of the show keeps. */
  store(part: string): string {
    return `journal:${join(this.directory, part)}`
  }

  /** Writes the candles down, once: a file that grows meanwhile is the same for all processes. */
  async writeCandles(candles: readonly Candle[]): Promise<void> {
    const rows = candles.map(({ timeMs, open, high, low, close, volume }) => [
      timeMs,
      ...[open, high, low, close, volume].map((value) => value.toFixed()),
    ])
    await writeFile(this.candles, JSON.stringify(rows))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
  }
}
