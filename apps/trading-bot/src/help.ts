/** What `bot --help` prints. */
export const help = `Trades candles by a moving-average crossover on a paper exchange, and keeps its
state with Holdfast. Kill it whenever you like, with kill -9 too, and start it
again: it goes on where it was.

Usage: npm start -- bot [options]

  --state <url>          where the state is kept (file:./state)
  --name <name>          the name of the state (trading)
  --fresh                remove the state and start over
  --observe              follow the state of a running bot instead
  --candles <file>       CSV with the columns date,open,high,low,close,volume, or
                         JSON rows [timeMs, open, high, low, close, volume]
                         (the S&P 500, daily, 2000 to 2020)
  --speed <n>            candles a second (as fast as it goes)
  --exchange <url>       http://127.0.0.1:<port> of an exchange (one in the bot)
  --timeout <ms>         how long one answer of the exchange may take (2000)
  --patience <ms>        how long the exchange may stay away (10000)
  --naive <file>         keep the state in a plain file, and lose it; to compare
  --symbol <symbol>      what is traded (SPX, or the name of the file)
  --fast <n>             candles in the fast average (20)
  --slow <n>             candles in the slow average (50)
  --cash <amount>        cash at the start (100000)
  --fee <fraction>       the exchange's fee (0.001)
  --slippage <fraction>  how much worse than the open price orders are filled (0)
  --debug                show stack traces
  -h, --help             show this

Exit codes:
  0         all candles are done
  1         an error in the bot itself, or its output cannot be written
  2         the options or the candles are wrong; nothing was written
  3         the state could not be opened, read or written, or does not fit the
            options and the candles
  4         another process holds the state; the message says which
  5         the exchange could not be reached, or stayed away for too long
  130, 143  stopped by SIGINT or SIGTERM; running again goes on
  141       the reader of the output went away
`
