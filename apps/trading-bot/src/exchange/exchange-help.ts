/** What `exchange --help` prints. */
export const exchangeHelp = `The paper exchange, a process of its own with an HTTP interface on this machine
alone. It takes each client order id once, fills an order at the open of the candle after
the one that it was placed at, and keeps its book with Holdfast: kill it, start it
again, and it goes on.

Usage: npm start -- exchange [options]

  --state <url>          where its book is kept (journal:./state)
  --name <name>          the name of the book (exchange)
  --candles <file>       CSV or JSON, as for the bot (the S&P 500, daily, 2000 to 2020)
  --port <n>             (any that is free)
  --fee <fraction>       (0.001)
  --slippage <fraction>  how much worse than the open price orders are filled (0)
  --misbehave            carries requests out and gives no answer, drops it, gives it
                         twice; is down for some requests
  --refuse <fraction>    of the orders: they are not taken (0)
  --seed <n>             decides how it misbehaves, and what it refuses (1)
  -h, --help             show this

  POST /orders           {"clientOrderId", "order"}: takes it, or gives the one it took
  GET /orders/<id>       the order with that client order id; 404 for none
  GET /orders            all; ?status=open, filled, void or refused

It ends with SIGINT (130) or SIGTERM (143). Exit codes 1, 2 and 3 as those of the bot.
`
