import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundledCandles } from '../src/candles/bundled-candles.ts'
import { readCandles } from '../src/candles/read-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const csv = 'date,open,high,low,close,volume\n2020-04-17,10,12,9,11,500\n'

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await temporaryDirectory(), name)
  await writeFile(file, content)
  return file
}

test('the bundled candles are twenty years of the S&P 500', async () => {
  const candles = await readCandles(bundledCandles())
  expect(candles).toHaveLength(5105)
  expect(candles[0]?.timeMs).toBe(Date.parse('2000-01-03'))
  expect(candles.at(-1)?.close.toFixed()).toBe('2874.560059')
})

test('the form of a file is told by its content, whatever its name', async () => {
  const rows = ' [[1587081600000, 10, 12, 9, 11, 500]]'
  const [fromCsv, fromJson] = [
    await readCandles(await fileOf('candles', csv)),
    await readCandles(await fileOf('candles.csv', rows)),
  ]
  expect(fromJson).toEqual(fromCsv)
})

test.each([
  ['an empty file', new Uint8Array(), /: the file is empty\. Give a CSV or JSON/],
  ['a file of NULs', new Uint8Array(4096), /: this is not a text file\. Give/],
  ['a compressed file', gzipSync(csv), /: this is not a text file|: this is not UTF-8 text/],
  ['UTF-16', Buffer.from(csv, 'utf16le'), /: this is not a text file\. .*UTF-8/],
  ['invalid UTF-8', Buffer.from([0x64, 0x61, 0xff, 0xfe]), /: this is not UTF-8 text/],
  ['white space', ' \n\n', /no candles|no column/],
])('%s is one error that names the file', async (_, content, message) => {
  const file = await fileOf('c.csv', content)
  await expect(readCandles(file)).rejects.toThrow(message)
  await expect(readCandles(file)).rejects.toThrow(file)
})

test('a file that is not there and a directory are told apart', async () => {
  const directory = await temporaryDirectory()
  await mkdir(join(directory, 'folder'))
  await expect(readCandles(join(directory, 'none.csv'))).rejects.toThrow(
    /none\.csv: there is no such file/,
  )
  await expect(readCandles(join(directory, 'folder'))).rejects.toThrow(
    /folder: this is a directory/,
  )
})
