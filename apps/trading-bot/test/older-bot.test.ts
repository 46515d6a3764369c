import { copyFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runBotProcess } from './bot-process.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const original = new URL('data/older-bot/.trading_state.json', import.meta.url)

test("an older bot's state is taken over where it lies, kept, and gone on with", async () => {
  const directory = await temporaryDirectory()
  await copyFile(original, join(directory, '.trading_state.json'))
  const candles = await shortenedCandles(directory, 300)
  const args = ['--state', 'file:.', '--name', '.trading_state', '--candles', candles]
  const { exitCode, stdout, stderr } = await runBotProcess(args, directory)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  // Candle 169 is 2000-08-31, the last that the older bot did.
  expect(stdout).toMatch(/^Resumes +at candle 170 \(2000-09-01\), version 1$/m)
  const text = await readFile(join(directory, '.trading_state.json'), 'utf8')
  const { version, schema, data } = JSON.parse(text)
  // One commit for the migration, one for each candle, two for each of the three orders.
  expect({ version, schema }).toEqual({ version: 138, schema: 2 })
  expect(data.equityCurve).toHaveLength(131)
  expect(data.fills.slice(0, 6).map((fill: { orderId: string }) => fill.orderId)).toEqual([
    'legacy-000000',
    'legacy-000001',
    'legacy-000002',
    'legacy-000003',
    'legacy-000004',
    expect.stringMatching(/^candles-300-000\d+-sell$/),
  ])
})

test('the migration keeps the original, byte for byte, as the previous generation', async () => {
  const directory = await temporaryDirectory()
  await copyFile(original, join(directory, '.trading_state.json'))
  // No candle comes after the older bot's last: the migration is the only commit.
  const candles = await shortenedCandles(directory, 169)
  const args = ['--state', 'file:.', '--name', '.trading_state', '--candles', candles]
  const { exitCode, stdout } = await runBotProcess(args, directory)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Resumes +at version 1, with nothing left to do/m)
  expect(await readFile(join(directory, '.trading_state.json.1'))).toEqual(await readFile(original))
  expect(await readdir(directory)).toHaveLength(3)
})
