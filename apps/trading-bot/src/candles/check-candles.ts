import { formatTime } from '../format-time.ts'
import { candleError } from './candle-error.ts'
import { parseCandle, WrongValue } from './parse-candle.ts'
import type { CandleRow } from './candle-row.ts'
import type { Candle } from './candle.ts'

/**
 * Turns the rows of `file` into candles: every value in its place, time strictly rising.
 * @throws BotError for the first row that is wrong, and when there is none at all.
 */
export function checkCandles(rows: Iterable<CandleRow>, file: string): Candle[] {
  const candles: Candle[] = []
  for (const row of rows) {
    const candle = checkRow(row, file)
    checkOrder(row, candle, candles.at(-1), file)
    candles.push(candle)
  }
  if (candles.length === 0) {
    throw candleError(file, null, 'there are no candles in it', 'Give a file with at least one row')
  }
  return candles
}

function checkRow(row: CandleRow, file: string): Candle {
  try {
    return parseCandle(row.values)
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error
    const name = error.key === 'timeMs' ? row.timeName : error.key
    throw candleError(file, row.place, `${name} ${error.message}`, 'Correct or remove that row')
  }
}

function checkOrder(
  row: CandleRow,
  candle: Candle,
  before: Candle | undefined,
  file: string,
): void {
  if (before === undefined || candle.timeMs > before.timeMs) return
  const time = formatTime(candle.timeMs)
  if (candle.timeMs === before.timeMs) {
    const problem = `${row.timeName} ${time} stands there twice`
    throw candleError(file, row.place, problem, 'Keep one row for each time')
  }
  const problem = `${row.timeName} ${time} comes after ${formatTime(before.timeMs)}`
  throw candleError(file, row.place, problem, 'Sort the rows by time, oldest first')
}
