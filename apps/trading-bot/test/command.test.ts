import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownDirectory, reportIn, runBotProcess, startBot } from './bot-process.ts'
import { folderContents } from './folder-contents.ts'
import { prepareState } from './prepare-state.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

test('a run ends with a report that says where the state lies and what it survives', async () => {
  const directory = await temporaryDirectory()
  const candles = await shortenedCandles(directory, 60)
  const { exitCode, stdout, stderr } = await runBotProcess(['--candles', candles], directory)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  for (const line of [
    /^New run +begins at candle 1 \(2000-01-03\)$/m,
    /^ 10 % {2}2000-01-10 {2}equity 100,000\.00 {2}0 trades$/m,
    /^100 % {2}/m,
    /^Trades +\d+ closed/m,
    /^Realized P&L +/m,
    /^Max drawdown +/m,
    /^Equity +[▁▂▃▄▅▆▇█]+$/m,
    /^Commits +60 in this run/m,
    /^Commit +p50 [\d.]+ ms, p99 [\d.]+ ms$/m,
    /^Survives +kill -9 of the bot, and a power cut$/m,
  ]) {
    expect(stdout).toMatch(line)
  }
  expect(stdout).toContain(`trading in ${join(directory, 'state')}`)
  expect(stdout).toMatch(/^State .*version 62$/m)
})

test('a run after the end resumes, has nothing to do, writes nothing and reports the same', async () => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 60)]
  const first = await runBotProcess(args, directory)
  const before = await folderContents(join(directory, 'state'))
  const again = await runBotProcess(args, directory)
  expect(again.exitCode).toBe(0)
  expect(again.stdout).toMatch(/^Resumes +at version 62, with nothing left to do$/m)
  expect(again.stdout).toMatch(/^Commits +none in this run$/m)
  expect(reportIn(again.stdout)).toBe(reportIn(first.stdout))
  expect(await folderContents(join(directory, 'state'))).toEqual(before)
})

test('a file that has grown since is gone on with', async () => {
  const directory = await temporaryDirectory()
  const [short, long] = [
    await shortenedCandles(directory, 40),
    await shortenedCandles(directory, 60),
  ]
  await prepareState(directory, ['--candles', short])
  const grown = await runBotProcess(['--candles', long], directory)
  expect(grown.stdout).toMatch(/^Resumes +at candle 41 \(2000-03-01\), version 40$/m)
  expect(grown.exitCode).toBe(0)
})

test('--fresh says so and starts over', async () => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 40)]
  await prepareState(directory, args)
  const fresh = await runBotProcess([...args, '--fresh', '--cash', '500'], directory)
  expect(fresh.stdout).toMatch(/^Starting over: removing state trading in .*state$/m)
  expect(fresh.stdout).toMatch(/^New run/m)
  expect(fresh.stdout).toMatch(/^State .*version 40$/m)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends the bot after its commit, and it goes on from there',
  async (name, exitCode) => {
    const directory = await temporaryDirectory()
    const args = ['--candles', await shortenedCandles(directory, 400)]
    const bot = startBot([...args, '--speed', '200'], directory)
    expect(await bot.printed(' 10 %')).toBe(true)
    bot.child.kill(name)
    const end = await bot.end
    expect(end).toMatchObject({ exitCode, killedBy: null, stderr: '' })
    const [, version] = /^Stopped +after .*, at version (\d+)$/m.exec(end.stdout) ?? []
    expect(Number(version)).toBeGreaterThanOrEqual(40)
    const resumed = await runBotProcess(args, directory)
    expect(resumed.stdout).toContain(`version ${version}\n`)
    expect(resumed.exitCode).toBe(0)
  },
)

test('--help lists the options and does nothing', async () => {
  const directory = await temporaryDirectory()
  const { exitCode, stdout } = await runBotProcess(['--help'], directory)
  expect(exitCode).toBe(0)
  expect(stdout).toContain('--candles <file>')
  expect(await readdir(directory)).toEqual([])
})

test('a state in memory says that it survives nothing', async () => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 40), '--state', 'memory:']
  const { exitCode, stdout } = await runBotProcess(args, directory)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Survives +nothing/m)
})

test('a reader of the output that goes away ends the bot quietly', async () => {
  const directory = await temporaryDirectory()
  const args = ['--candles', await shortenedCandles(directory, 400), '--speed', '200']
  const bot = startBot(args, directory)
  expect(await bot.printed('New run')).toBe(true)
  bot.child.stdout?.destroy()
  expect(await bot.end).toMatchObject({ exitCode: 141, killedBy: null, stderr: '' })
})

test('relative paths are meant from where the user stood when npm started the bot', async () => {
  const directory = await temporaryDirectory()
  await shortenedCandles(directory, 3)
  await mkdir(join(directory, 'elsewhere'))
  const args = ['--candles', '../candles-3.csv']
  const from = { INIT_CWD: join(directory, 'elsewhere') }
  const { exitCode, stderr } = await startBot(args, ownDirectory, from).end
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(await readdir(join(directory, 'elsewhere'))).toEqual(['state'])
})
