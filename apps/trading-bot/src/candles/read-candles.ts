import { readFile, stat } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { dirname, resolve } from 'node:path'
import { checkCandles } from './check-candles.ts'
import { candleError } from './candle-error.ts'
import { parseCsv } from './csv.ts'
import { parseJson } from './json.ts'
import type { Candle } from './candle.ts'

/** How often a file is read that changes meanwhile, and how long is waited in between. */
const mostReads = 4
const pauseMs = 50
const newline = 10

/**
 * Reads the candles of a CSV or JSON file; which of the two it is its first character tells. Of a file
 * that does not stop growing the lines are taken that are whole.
 * @throws BotError when the file is not there, not text, or not candles in order.
 */
export async function readCandles(file: string): Promise<Candle[]> {
  const text = decode(await readBytes(file), file)
  const isJson = /^\s*[[{]/.test(text) || file.toLowerCase().endsWith('.json')
  const rows = isJson ? parseJson(text, file) : parseCsv(text, file)
  return checkCandles(rows, file)
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const status = await stat(file)
    if (!status.isFile() && !status.isFIFO()) {
      const problem = status.isDirectory() ? 'this is a directory' : 'this is not a file'
      throw candleError(file, null, problem, 'Give a CSV or JSON file')
    }
    return await readWhileStill(file)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code === 'ENOENT') {
      const problem = `there is no such file in ${dirname(resolve(file))}`
      throw candleError(file, null, problem, 'Check the path', { cause: error })
    }
    const problem = `cannot be read: ${error.message}`
    throw candleError(file, null, problem, 'Check the file and its permissions', { cause: error })
  }
}

/** The bytes of a file that did not change while it was read; else as far as its lines are whole. */
async function readWhileStill(file: string): Promise<Uint8Array> {
  for (let reads = 1; ; reads += 1) {
    const before = await stat(file)
    const bytes = await readFile(file)
    const after = await stat(file)
    const isStill = before.mtimeMs === after.mtimeMs && before.size === after.size
    if (isStill || after.isFIFO()) return bytes
    if (reads === mostReads) return bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
    await setTimeout(pauseMs)
  }
}

function decode(bytes: Uint8Array, file: string): string {
  const remedy = 'Give a CSV or JSON file in UTF-8'
  if (bytes.length === 0) throw candleError(file, null, 'the file is empty', remedy)
  if (bytes.includes(0)) throw candleError(file, null, 'this is not a text file', remedy)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw candleError(file, null, 'this is not UTF-8 text', remedy, { cause: error })
  }
}
