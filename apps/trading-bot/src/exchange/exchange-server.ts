import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { BookedOrder } from './booked-order.ts'
import { ReusedId, type OrderBook } from './order-book.ts'
import type { Manner, Misbehaviour } from './misbehaviour.ts'

/** One request, as it was understood and answered. */
interface ServedRequest {
  readonly method: string
  readonly clientOrderId: string | null
  /** Of the candle that the order was placed at. */
  readonly placedAt: number | null
  readonly manner: Manner
}

export interface ExchangeServerOptions {
  readonly book: OrderBook
  readonly misbehaviour: Misbehaviour
  /** Called when a request was carried out, before it is answered. */
  readonly onRequest: (request: ServedRequest) => void
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly clientOrderId?: string
  readonly placedAt?: number
}

const Placement = BookedOrder.pick({ clientOrderId: true, order: true })
const mostBytes = 10_000

/**
 * The exchange's HTTP interface, JSON in and out:
 * `POST /orders {clientOrderId, order}` takes an order or gives the one that it took under that id;
 * `GET /orders/<clientOrderId>` gives it, or 404 with `unknown`; `GET /orders?status=open` lists
 * (`filled`, `void`, `refused`, all without); `GET /` says that it is there.
 */
export function exchangeServer(options: ExchangeServerOptions): Server {
  return createServer((request, response) => {
    serve(request, response, options).catch((error: unknown) => response.destroy(asError(error)))
  })
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { book, misbehaviour, onRequest }: ExchangeServerOptions,
): Promise<void> {
  const manner = misbehaviour()
  const method = request.method ?? ''
  if (manner === 'down') {
    onRequest({ method, clientOrderId: null, placedAt: null, manner })
    request.socket.destroy()
    return
  }
  const { clientOrderId = null, placedAt = null, ...answer } = await carryOut(request, book)
  onRequest({ method, clientOrderId, placedAt, manner })
  if (manner === 'silently') return
  if (manner === 'dropped') request.socket.destroy()
  else send(response, answer, manner === 'twice')
}

async function carryOut(request: IncomingMessage, book: OrderBook): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://exchange')
  const [, room, id, ...rest] = url.pathname.split('/')
  if (room === 'orders' && rest.length === 0) {
    if (request.method === 'POST' && id === undefined) return place(await bodyOf(request), book)
    if (request.method === 'GET' && id === undefined) {
      return { status: 200, body: book.list(url.searchParams.get('status') ?? undefined) }
    }
    if (request.method === 'GET' && id !== undefined) return find(id, book)
  }
  if (room === '' && request.method === 'GET') return { status: 200, body: { exchange: 'paper' } }
  return { status: 404, body: { error: `there is no ${request.method} ${url.pathname}` } }
}

async function place(body: unknown, book: OrderBook): Promise<Answer> {
  const placement = Placement.safeParse(body)
  if (!placement.success) return { status: 400, body: { error: z.prettifyError(placement.error) } }
  const { clientOrderId, order } = placement.data
  try {
    const booked = await book.place(clientOrderId, order)
    return { status: 200, body: booked, clientOrderId, placedAt: order.placedAt }
  } catch (error) {
    if (!(error instanceof ReusedId)) throw error
    return { status: 409, body: { error: error.message } }
  }
}

async function find(clientOrderId: string, book: OrderBook): Promise<Answer> {
  const booked = await book.find(clientOrderId)
  if (booked === undefined) return { status: 404, body: { unknown: clientOrderId }, clientOrderId }
  return { status: 200, body: booked, clientOrderId, placedAt: booked.order.placedAt }
}

/** The body as JSON; undefined, which fits no schema, where it is none. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > mostBytes) return undefined
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function send(response: ServerResponse, { status, body }: Answer, isTwice: boolean): void {
  const text = JSON.stringify(body)
  const { socket } = response
  response.writeHead(status, { 'content-type': 'application/json' }).end(text, () => {
    // Node's server never does this; a proxy that tries again by itself does.
    const length = Buffer.byteLength(text)
    const head = `HTTP/1.1 ${status} Again\r\ncontent-type: application/json\r\ncontent-length: ${length}`
    if (isTwice) socket?.write(`${head}\r\n\r\n${text}`)
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
