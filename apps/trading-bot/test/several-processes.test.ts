import { expect, test } from 'vitest'
import { runBotProcess, startBot } from './bot-process.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const exclusive = ['--state', 'lockfile:./state?mode=exclusive']
/** Many orders, slowly. */
const busy = ['--fast', '2', '--slow', '5', '--speed', '100']

test('a second bot on a state that one has to itself is told who has it, and ends with 4', async () => {
  const directory = await temporaryDirectory()
  const args = [...exclusive, '--candles', await shortenedCandles(directory, 400), ...busy]
  const owner = startBot(args, directory)
  expect(await owner.printed('New run')).toBe(true)
  for (const more of [[], ['--fresh']]) {
    const second = await runBotProcess([...args, ...more], directory)
    expect(second.exitCode).toBe(4)
    expect(second.stderr).toMatch(/^error: LOCKED: The state "trading" [^\n]*\n$/)
    expect(second.stderr).toContain(`pid ${owner.child.pid} on `)
    expect(second.stderr).toContain('main.ts bot --state lockfile:')
  }
  owner.child.kill('SIGTERM')
  expect(await owner.end).toMatchObject({ exitCode: 143, stderr: '' })
  const after = startBot(args, directory)
  expect(await after.printed('Resumes')).toBe(true)
})

test('a bot whose owner was killed takes the state over at once', async () => {
  const directory = await temporaryDirectory()
  const args = [...exclusive, '--candles', await shortenedCandles(directory, 200), ...busy]
  const killed = startBot(args, directory)
  expect(await killed.printed(' 10 %')).toBe(true)
  killed.child.kill('SIGKILL')
  await killed.end
  const next = await runBotProcess(args, directory)
  expect(next).toMatchObject({ exitCode: 0, stderr: '' })
  expect(next.stdout).toMatch(/^Resumes +at candle/m)
})

test.each([
  'file:./state',
  'journal:./state',
  'lockfile:./state',
  'lockfile:./state?mode=exclusive',
])('an observer of %s follows a running bot live, and over its death', async (url) => {
  const directory = await temporaryDirectory()
  const candles = ['--candles', await shortenedCandles(directory, 200)]
  const args = ['--state', url, ...candles, ...busy]
  const bot = startBot(args, directory)
  expect(await bot.printed(' 10 %')).toBe(true)
  const observer = startBot(['--observe', '--state', url], directory)
  expect(await observer.printed('Observing')).toBe(true)
  expect(await bot.printed(' 40 %')).toBe(true)
  bot.child.kill('SIGKILL')
  await bot.end
  const again = await runBotProcess(args, directory)
  expect(again).toMatchObject({ exitCode: 0, stderr: '' })
  // The last order of all, and the last candle.
  const [, last] = /^Period .* to (\S+),/m.exec(again.stdout) ?? []
  expect(await observer.printed(`${last}  version`)).toBe(true)
  observer.child.kill('SIGINT')
  const { exitCode, stdout, stderr } = await observer.end
  expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' })
  expect(stdout).toMatch(/^ {2}2000-\d\d-\d\d {2}(buy|sell) [\d.]+ candles-200 at [\d.]+$/m)
})
