import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runBotProcess, type BotEnd } from './bot-process.ts'
import { folderContents } from './folder-contents.ts'
import { prepareState } from './prepare-state.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const goodRow = '2000-01-04,1399,1455,1397,1399,1'
const header = 'date,open,high,low,close,volume'

test.each([
  [
    'a missing column',
    `date,open,high,low,volume\n2000-01-03,1,2,1,5\n`,
    'line 1: the header has no column close',
  ],
  ['a NaN price', `${header}\n2000-01-03,1,2,1,NaN,5\n`, 'line 2: close is "NaN"'],
  [
    'dates out of order',
    `${header}\n${goodRow}\n2000-01-03,1,2,1,1,5\n`,
    'line 3: date 2000-01-03 comes after',
  ],
  ['an empty file', '', 'the file is empty'],
  ['other data', `${header}\n${goodRow}\n`, 'other data'],
])('candles with %s leave a state as it is', async (problem, content, message) => {
  const directory = await temporaryDirectory()
  await prepareState(directory, ['--candles', await shortenedCandles(directory, 1)])
  const before = await folderContents(join(directory, 'state'))
  const bad = join(directory, 'bad.csv')
  await writeFile(bad, content)
  const end = await runBotProcess(['--candles', bad], directory)
  expectError(end, problem === 'other data' ? 3 : 2, bad, message)
  expect(await folderContents(join(directory, 'state'))).toEqual(before)
})

test('bad candles do not remove a state with --fresh, nor make one', async () => {
  const directory = await temporaryDirectory()
  await prepareState(directory, ['--candles', await shortenedCandles(directory, 1)])
  const before = await folderContents(join(directory, 'state'))
  const missing = await runBotProcess(['--candles', 'none.csv', '--fresh'], directory)
  expectError(missing, 2, 'none.csv', 'no such file')
  expect(await folderContents(join(directory, 'state'))).toEqual(before)
  await runBotProcess(['--candles', directory, '--state', 'file:./other'], directory)
  expect(await readdir(directory)).not.toContain('other')
})

test.each([
  [['--colour'], 2, 'Unknown option'],
  [['--fast', '50'], 2, '--fast (50) must be below --slow (50)'],
  [['--state', 'nowhere:x'], 3, 'CONFIG'],
])('%j is an error without a stack trace', async (args, exitCode, message) => {
  const directory = await temporaryDirectory()
  expectError(await runBotProcess(args, directory), exitCode, message)
  expect(await readdir(directory)).toEqual([])
})

test.each([
  ['an empty file', 'CORRUPT', () => Buffer.alloc(0)],
  ['a file of NULs', 'CORRUPT', (good: Buffer) => Buffer.alloc(good.length)],
  ['half of a file', 'CORRUPT', (good: Buffer) => good.subarray(0, good.length / 2)],
  ['a file with another digit', 'CORRUPT', replacing('"cash": "1', '"cash": "2')],
  ['of a newer program', 'NEWER_SCHEMA', replacing('"schema": 2', '"schema": 3')],
  ["not the bot's", 'INVALID', () => Buffer.from('{"a":1}')],
])('a state that is %s is refused as %s, and stays', async (_, code, damage) => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 3)]
  await prepareState(directory, args)
  const file = join(directory, 'state', 'trading.json')
  await writeFile(file, damage(await readFile(file)))
  const before = await folderContents(join(directory, 'state'))
  expectError(await runBotProcess(args, directory), 3, code, file)
  expect(await folderContents(join(directory, 'state'))).toEqual(before)
})

test('a folder in the place of the state file is refused', async () => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 3)]
  const file = join(directory, 'state', 'trading.json')
  await mkdir(file, { recursive: true })
  expectError(await runBotProcess(args, directory), 3, 'IO', file)
})

function replacing(text: string, other: string): (good: Buffer) => Buffer {
  return (good) => Buffer.from(good.toString().replace(text, other))
}

function expectError(end: BotEnd, exitCode: number, ...texts: string[]): void {
  expect(end.exitCode).toBe(exitCode)
  expect(end.stderr).toMatch(/^error: /)
  for (const text of texts) expect(end.stderr).toContain(text)
  expect(end.stderr).not.toMatch(/^\s+at /m)
}
