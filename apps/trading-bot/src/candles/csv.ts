import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { candleError } from './candle-error.ts'
import type { CandleRow } from './candle-row.ts'

const columns = ['date', 'open', 'high', 'low', 'close', 'volume'] as const

/** What csv-parse gives for each row with `info: true`. */
const parsedRows = z.array(
  z.object({ info: z.object({ lines: z.int() }), record: z.record(z.string(), z.string()) }),
)

/**
 * Reads CSV with a header that names the columns, in any order and case; others are ignored.
 * @throws BotError for text that is no CSV, and for a header that lacks a column or has one twice.
 */
export function parseCsv(text: string, file: string): CandleRow[] {
  const rows = parsedRows.parse(parseRows(text, file))
  return rows.map(({ info, record }) => {
    const { date, open, high, low, close, volume } = record
    const values = { timeMs: date, open, high, low, close, volume }
    return { place: `line ${info.lines}`, timeName: 'date', values }
  })
}

function parseRows(text: string, file: string): unknown {
  try {
    return parse(text, {
      bom: true,
      columns: (header: string[]) => checkHeader(header, file),
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = error['lines']
    const place = typeof line === 'number' ? `line ${line}` : null
    const problem = `not readable as CSV: ${error.message.replaceAll(/\s+/g, ' ')}`
    throw candleError(file, place, problem, 'Correct that row', { cause: error })
  }
}

function checkHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim().toLowerCase())
  const remedy = `The first line must name the columns ${columns.join(',')}`
  const missing = columns.filter((name) => !names.includes(name))
  if (missing.length > 0) {
    const problem = `the header has no column ${missing.join(', ')}`
    throw candleError(file, 'line 1', problem, remedy)
  }
  const twice = columns.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice !== undefined) {
    throw candleError(file, 'line 1', `the header has column ${twice} twice`, remedy)
  }
  return names
}
