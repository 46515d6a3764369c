import { once } from 'node:events'
import { BotError } from './bot-error.ts'
import type { Server } from 'node:http'

/**
 * Has `server` listen on this machine alone, on `port`, or any free one for 0; gives its URL.
 * @throws BotError when the port is taken, or not for this user.
 */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    const problem =
      error.code === 'EADDRINUSE'
        ? 'is taken by another program'
        : `cannot be used (${error.message})`
    const remedy = 'Give another one with --port, or leave it out for any that is free'
    throw new BotError('usage', `port ${port} ${problem}. ${remedy}.`, { cause: error })
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return `http://127.0.0.1:${address.port}`
}
