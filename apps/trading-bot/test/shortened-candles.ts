import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundledCandles } from '../src/candles/bundled-candles.ts'

/** Writes a CSV with the first `count` of the bundled candles into `directory`; gives its path. */
export async function shortenedCandles(directory: string, count: number): Promise<string> {
  const lines = (await readFile(bundledCandles(), 'utf8')).split('\n')
  const file = join(directory, `candles-${count}.csv`)
  await writeFile(file, `${lines.slice(0, count + 1).join('\n')}\n`)
  return file
}
