import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCandles } from '../src/candles/read-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const header = 'date,open,high,low,close,volume\n'

/** Every row says the same price in all its columns, and a volume of six digits. */
function row(index: number): string {
  return `${index * 86_400_000},${index + 1},${index + 1},${index + 1},${index + 1},123456\n`
}

test('of a file that grows by bits of lines all the time only whole lines are taken', async () => {
  const file = join(await temporaryDirectory(), 'growing.csv')
  await writeFile(file, header + row(0))
  const stop = new AbortController()
  let appended = 0
  const writer = (async () => {
    for (let index = 1; !stop.signal.aborted; index += 1) {
      for (const bit of row(index).match(/.{1,5}\n?|\n/gs) ?? []) await appendFile(file, bit)
      appended = index
    }
  })()
  const candles = await readCandles(file).finally(() => stop.abort())
  await writer
  expect(appended).toBeGreaterThan(candles.length / 2)
  expect(candles.length).toBeGreaterThan(1)
  for (const [index, { close, volume }] of candles.entries()) {
    expect([close.toFixed(), volume.toFixed()]).toEqual([String(index + 1), '123456'])
  }
})

test('a file that has stopped growing is read to its last line', async () => {
  const file = join(await temporaryDirectory(), 'grown.csv')
  await writeFile(file, header + row(0) + row(1).trimEnd())
  expect(await readCandles(file)).toHaveLength(2)
})
