import { listen } from '../listen.ts'
import { pageAssets } from './page-assets.ts'
import { pageServer } from './page-server.ts'
import { pageShow, pageUpdate } from './page-update.ts'
import type { Server, ServerResponse } from 'node:http'
import type { ShowModel } from '../show/show-model.ts'
import type { PageTable } from './page-message.ts'

const updateMs = 200

/** The live page of a show. Disposing of it ends it for all who look at it. */
export class ShowPage implements AsyncDisposable {
  readonly url: string
  readonly #server: Server
  readonly #viewers: Viewers

  private constructor(url: string, server: Server, viewers: Viewers) {
    this.url = url
    this.#server = server
    this.#viewers = viewers
  }

  /**
   * Serves the page on `port`, or any free one for 0.
   * @throws BotError when the port is taken.
   */
  static async open(model: ShowModel, port: number): Promise<ShowPage> {
    const viewers = new Viewers(model)
    const server = pageServer({
      assets: await pageAssets(),
      onViewer: (events) => viewers.add(events),
      onKill() {
        const pid = model.kill()
        if (pid === null) return { status: 409, text: 'The bot is dead just now.' }
        return { status: 200, text: `kill -9 ${pid}` }
      },
    })
    const url = await listen(server, port)
    viewers.start()
    return new ShowPage(url, server, viewers)
  }

  /** Shows what the show came to. */
  end(table: PageTable): void {
    this.#viewers.end(table)
  }

  /** How many look at it now. */
  get viewers(): number {
    return this.#viewers.count
  }

  /** Resolves when nobody looks at the page any more, or `signal` says so. */
  async deserted(signal: AbortSignal): Promise<void> {
    await this.#viewers.gone(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#viewers.stop()
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** Those who look at the page, and what each of them has got. */
class Viewers {
  readonly #model: ShowModel
  /** By their streams: of how many candles they have the equity. */
  readonly #sent = new Map<ServerResponse, number>()
  #timer: NodeJS.Timeout | undefined
  readonly #left = new EventTarget()
  #table: PageTable | null = null

  constructor(model: ShowModel) {
    this.#model = model
  }

  start(): void {
    this.#timer = setInterval(() => this.#updateAll(), updateMs)
  }

  get count(): number {
    return this.#sent.size
  }

  add(events: ServerResponse): void {
    send(events, 'show', pageShow(this.#model))
    this.#sent.set(events, 0)
    this.#update(events, 0)
    events.once('close', () => {
      this.#sent.delete(events)
      this.#left.dispatchEvent(new Event('left'))
    })
  }

  end(table: PageTable): void {
    this.#table = table
    this.#updateAll()
  }

  async gone(signal: AbortSignal): Promise<void> {
    while (this.#sent.size > 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#left.addEventListener('left', () => resolve(), { once: true })
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const events of this.#sent.keys()) events.end()
  }

  #updateAll(): void {
    for (const [events, sent] of this.#sent) this.#update(events, sent)
  }

  #update(events: ServerResponse, sent: number): void {
    // A viewer that does not keep up gets less, not later: the next update has all that it missed.
    if (events.writableNeedDrain) return
    const { equity } = this.#model.part(this.#model.shown)
    const from = Math.min(sent, equity.length)
    send(events, 'update', pageUpdate(this.#model, from, this.#table))
    this.#sent.set(events, equity.length)
  }
}

function send(events: ServerResponse, event: string, data: unknown): void {
  events.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
