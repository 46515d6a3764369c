import { z } from 'zod'
import { BookedOrder } from './booked-order.ts'
import { BotError } from '../bot-error.ts'
import { NoAnswer, type Exchange } from '../exchange.ts'
import type { Agent, IncomingMessage } from 'node:http'
import type { OrderOutcome } from '../order-outcome.ts'

// Importing it by name would evaluate all that it exports, its WebSocket too, and load undici for that:
// 30 ms of each start (measured with Node.js 26).
const http = process.getBuiltinModule('node:http')

interface Answer {
  readonly status: number
  readonly body: unknown
}

const Refusal = z.object({ error: z.string() })
const bytes = z.instanceof(Uint8Array)

/**
 * The exchange at the other end of a connection. Whatever is not a whole answer about the order that
 * was asked for is no answer: nothing is concluded from it.
 */
export class HttpExchange implements Exchange {
  readonly #url: URL
  readonly #agent: Agent = new http.Agent({ keepAlive: true, maxSockets: 4 })

  /** @param url of the exchange, such as `http://127.0.0.1:4000`. */
  constructor(url: string) {
    this.#url = new URL(url)
  }

  async place(id: string, order: unknown, signal?: AbortSignal): Promise<OrderOutcome> {
    const answer = await this.#ask('POST', '/orders', { clientOrderId: id, order }, signal)
    return outcomeOf(id, answer)
  }

  async find(id: string, signal?: AbortSignal): Promise<OrderOutcome | null> {
    const answer = await this.#ask('GET', `/orders/${id}`, undefined, signal)
    if (answer.status !== 404) return outcomeOf(id, answer)
    // Only the exchange's own word about this very order counts, not any 404 that some proxy says.
    const unknown = z.object({ unknown: z.literal(id) }).safeParse(answer.body)
    if (unknown.success) return null
    throw new NoAnswer(`the exchange at ${this.#url.origin} answered about something else`)
  }

  /** Whether the exchange answers at all. @throws NoAnswer */
  async greet(signal?: AbortSignal): Promise<void> {
    const { status } = await this.#ask('GET', '/', undefined, signal)
    if (status !== 200) throw new NoAnswer(`${this.#url.origin} is not a paper exchange`)
  }

  /** Ends its connections. */
  close(): void {
    this.#agent.destroy()
  }

  async #ask(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    try {
      const response = await this.#send(method, path, body, signal)
      const chunks = await response.toArray()
      const parsed: unknown = JSON.parse(Buffer.concat(z.array(bytes).parse(chunks)).toString())
      return { status: response.statusCode ?? 0, body: parsed }
    } catch (error) {
      const reason = reasonOf(error)
      throw new NoAnswer(`no answer from the exchange at ${this.#url.origin}: ${reason}`, {
        cause: error,
      })
    }
  }

  #send(
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const options = { method, agent: this.#agent, ...(signal === undefined ? {} : { signal }) }
    return new Promise((resolve, reject) => {
      const asked = http.request(new URL(path, this.#url), options, resolve)
      asked.on('error', reject)
      if (body === undefined) asked.end()
      else asked.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    })
  }
}

/** The outcome in an answer about the order `id`. */
function outcomeOf(id: string, { status, body }: Answer): OrderOutcome {
  if (status === 400 || status === 409) {
    const refusal = Refusal.safeParse(body)
    throw new BotError(
      'exchange',
      `order ${id}: the exchange says: ${refusal.data?.error ?? status}`,
    )
  }
  const booked = BookedOrder.safeParse(body)
  // A second answer to an earlier request can arrive in the place of the one to this request.
  if (status !== 200 || !booked.success || booked.data.clientOrderId !== id) {
    throw new NoAnswer(`the exchange answered with status ${status}, and not about order ${id}`)
  }
  if (booked.data.outcome === null) {
    throw new NoAnswer(`order ${id} is open: the exchange has no candle after it yet`)
  }
  return booked.data.outcome
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
