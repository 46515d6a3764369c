// The bot, which kills itself with SIGKILL at a point in the life of its first order: the point is the
// first argument, the bot's own follow.

import { parseArguments } from '../../src/arguments.ts'
import { HttpExchange } from '../../src/exchange/http-exchange.ts'
import { run } from '../../src/run.ts'
import type { BotReport } from '../../src/bot-report.ts'

const [point, ...args] = process.argv.slice(2)

function reached(name: string): void {
  if (name === point) process.kill(process.pid, 'SIGKILL')
}

class WatchedExchange extends HttpExchange {}
for (const method of ['place', 'find'] as const) {
  const original = HttpExchange.prototype[method]
  Object.assign(HttpExchange.prototype, {
    async [method](this: WatchedExchange, ...parameters: [string, never, AbortSignal]) {
      if (method === 'place') reached('the intent is recorded, nothing is sent')
      const outcome = await Reflect.apply(original, this, parameters)
      if (outcome !== null) reached('the answer has come, nothing is recorded')
      return outcome
    },
  })
}

function report({ kind }: BotReport): void {
  if (kind === 'ordering') reached('the order is decided, no intent is recorded')
  if (kind === 'unanswered') reached('there was no answer')
  if (kind === 'ordered') reached('the outcome is recorded, the candle is not')
}

const progress = { isDue: () => false, show() {}, end() {} }
const { signal } = new AbortController()
await run(parseArguments(args), { write() {}, progress, report, signal })
