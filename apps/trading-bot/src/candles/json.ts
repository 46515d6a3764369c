import { z } from 'zod'
import { candleError } from './candle-error.ts'
import type { CandleRow } from './candle-row.ts'

const form = '[timeMs, open, high, low, close, volume]'

/**
 * Reads JSON rows `[timeMs, open, high, low, close, volume]`, as ccxt and freqtrade write them;
 * numbers may be strings, what follows the sixth value is ignored.
 * @throws BotError for text that is no JSON, or not an array of such rows.
 */
export function parseJson(text: string, file: string): CandleRow[] {
  const rows = z.array(z.unknown()).safeParse(parseDocument(text, file))
  if (!rows.success) {
    throw candleError(file, null, 'not an array of rows', `Give a JSON array of rows ${form}`)
  }
  return rows.data.map((row, index) => {
    const place = `row ${index + 1}`
    const values: readonly unknown[] | undefined = Array.isArray(row) ? row : undefined
    if (values === undefined || values.length < 6) {
      const problem = values === undefined ? 'not an array' : `${values.length} values instead of 6`
      throw candleError(file, place, problem, `Each row must be ${form}`)
    }
    const [timeMs, open, high, low, close, volume] = values
    return { place, timeName: 'timeMs', values: { timeMs, open, high, low, close, volume } }
  })
}

function parseDocument(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const problem = `not readable as JSON: ${error.message.replaceAll(/\s+/g, ' ')}`
    const remedy = 'The file may be cut off; download it again'
    throw candleError(file, null, problem, remedy, { cause: error })
  }
}
