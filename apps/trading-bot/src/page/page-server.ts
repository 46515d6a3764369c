import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { PageAsset } from './page-assets.ts'

export interface PageServerOptions {
  readonly assets: ReadonlyMap<string, PageAsset>
  /** A viewer came; the response is its stream of events, for as long as it is open. */
  readonly onViewer: (events: ServerResponse) => void
  /** Somebody pressed the button; tells them what came of it. */
  readonly onKill: () => { readonly status: number; readonly text: string }
}

/**
 * Serves the page to browsers on this machine. What changes something needs the token that stands in
 * the page, and every request the page's own host: another site that is open in the same browser can
 * neither press the button nor read along.
 */
export function pageServer(options: PageServerOptions): Server {
  const token = randomBytes(16).toString('hex')
  return createServer((request, response) => {
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'no-store')
    if (!isOwnHost(request)) answer(response, 403, 'This page is for this machine alone.')
    else route(request, response, token, options)
  })
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  { assets, onViewer, onKill }: PageServerOptions,
): void {
  const path = (request.url ?? '/').replace(/\?.*$/, '')
  const asset = assets.get(path === '/' ? '/index.html' : path)
  if (path === '/kill') {
    const { status, text } = refusal(request, token) ?? onKill()
    answer(response, status, text)
  } else if (request.method !== 'GET') answer(response, 405, 'Only GET is known here.')
  else if (path === '/events') onViewer(openEvents(response))
  else if (asset === undefined) answer(response, 404, 'There is no such page.')
  else sendAsset(response, asset, token)
}

function sendAsset(response: ServerResponse, { type, content }: PageAsset, token: string): void {
  response.setHeader('content-type', type)
  if (!type.startsWith('text/html')) {
    response.end(content)
    return
  }
  const nonce = randomBytes(16).toString('hex')
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; connect-src 'self'; ` +
      "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  response.end(content.replaceAll('{{token}}', token).replaceAll('{{nonce}}', nonce))
}

function openEvents(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  // A browser that is closed in the middle is no error; `close` follows.
  response.on('error', () => {})
  return response
}

/** Why a request to kill is not granted; undefined when it is. */
function refusal(
  request: IncomingMessage,
  token: string,
): { readonly status: number; readonly text: string } | undefined {
  if (request.method !== 'POST') return { status: 405, text: 'POST kills.' }
  const { origin, host } = request.headers
  const given = Buffer.from(String(request.headers['x-kill-token'] ?? ''))
  const wanted = Buffer.from(token)
  const hasToken = given.length === wanted.length && timingSafeEqual(given, wanted)
  const isOwnOrigin = origin === undefined || origin === `http://${host}`
  if (hasToken && isOwnOrigin) return undefined
  return { status: 403, text: 'Only the page itself can do that.' }
}

/** A foreign name that was made to point at this machine must not get through (DNS rebinding). */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  const port = socket.localPort
  return headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
