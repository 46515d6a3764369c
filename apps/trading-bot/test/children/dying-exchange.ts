// The exchange, which kills itself with SIGKILL at a point in the life of its first order. Arguments:
// the point, the URL of its store, the candle file. Says its URL on the channel.

import { openStore } from 'holdfast'
import { candleExchange } from '../../src/candle-exchange.ts'
import { readCandles } from '../../src/candles/read-candles.ts'
import { exchangeServer } from '../../src/exchange/exchange-server.ts'
import { OrderBook } from '../../src/exchange/order-book.ts'
import { listen } from '../../src/listen.ts'

const [point, url = '', file = ''] = process.argv.slice(2)

function reached(name: string): void {
  if (name === point) process.kill(process.pid, 'SIGKILL')
}

const fill = candleExchange(await readCandles(file), { fee: '0.01', slippage: '0' })
const store = await openStore(url)
const book = await OrderBook.open(store, 'exchange', (order) => {
  reached('the order has come, nothing is booked')
  return fill(order)
})
const server = exchangeServer({
  book,
  misbehaviour: () => 'well',
  onRequest({ method }) {
    if (method === 'POST') reached('the order is booked, nothing is answered')
  },
})
server.on('request', ({ method }, response) => {
  response.on('close', () => {
    if (method === 'POST') reached('the order is answered')
  })
})
process.send?.(await listen(server, 0))
