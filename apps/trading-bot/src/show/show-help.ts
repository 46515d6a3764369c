/** What `--help` of the crash show prints. */
export const showHelp = `The crash show: a bot trades candles on a paper exchange that misbehaves, is killed
with SIGKILL again and again, and started again each time. In the end its state and
the exchange's book are held against a run that was left alone. Beside it runs the
same bot without Holdfast, which keeps its state with JSON.stringify and writeFile.

Usage: npm start -- [options]              the show
       npm start -- bot [options]          the bot alone (bot --help)
       npm start -- exchange [options]     the exchange alone (exchange --help)
       npm start -- --observe --state <url> --name <name>
                                           follows the state of a running bot

  --crashes <n>          how often the bot is killed (50)
  --seed <n>             decides when, and how the exchange misbehaves (1)
  --state <url>          where the bot's state is kept: file:, journal:, or lockfile:,
                         alone or with a folder (journal:./state/journal); one
                         named as --name says is removed first
  --name <name>          the name of the state (crash-show)
  --naive                only the bot without Holdfast
  --no-naive             only the bot with Holdfast
  --page, --no-page      a live page on this machine (at a terminal: yes)
  --port <n>             of the page (any that is free)
  --candles <file>       CSV or JSON, as for the bot (the S&P 500, daily, 2000 to 2020)
  --speed <n>            candles a second (with a page 150, else as fast as it goes)
  --symbol, --fast, --slow, --cash, --fee, --slippage
                         as for the bot
  --debug                show stack traces
  -h, --help             show this

Exit codes:
  0         every number is that of the uninterrupted run: doubled 0, lost 0, torn 0
  1         a number is wrong (with --naive: of that bot, as is to be expected), or
            an error in the show itself
  2         the options or the candles are wrong, or the port is taken
  3         the state could not be opened, read or written
  4         another bot holds the state (lockfile: with mode=exclusive)
  5         the exchange could not be reached
  130, 143  stopped by SIGINT or SIGTERM
  141       the reader of the output went away
`
