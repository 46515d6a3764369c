import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { reportIn, runBotProcess, startBot } from './bot-process.ts'
import { Trading } from '../src/trading-state.ts'
import { seededRandom } from '../src/seeded-random.ts'
import { shortenedCandles } from './shortened-candles.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const kills = 12
/** More, where a busy machine lets too few bots come to a commit before they die. */
const mostKills = 40
/** Enough that the kills do not use them up at `speed`. */
const candleCount = 1500
/** A commit takes a millisecond or two: about every second kill hits one under way. */
const speed = 300
const longestLifeMs = 200
const startupMs = 400

/** The state as it lies in the file; version 0 while there is none. */
async function stored(directory: string): Promise<{ version: number; data?: unknown }> {
  try {
    return JSON.parse(await readFile(join(directory, 'state', 'trading.json'), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { version: 0 }
    throw error
  }
}

test(`a bot killed with SIGKILL at ${kills} random moments or more ends as one that was never killed`, async () => {
  const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 2 ** 31)
  console.log(`KILL_SEED=${seed}`)
  const random = seededRandom(seed)
  const [killed, unharmed] = [await temporaryDirectory(), await temporaryDirectory()]
  const candles = ['--candles', await shortenedCandles(killed, candleCount)]

  let hits = 0
  let livesWithCommits = 0
  let version = 0
  const isEnough = (): boolean => hits >= 6 && livesWithCommits >= 10
  for (let kill = 0; kill < kills || (!isEnough() && kill < mostKills); kill += 1) {
    const bot = startBot([...candles, '--speed', String(speed)], killed)
    // Every eighth dies while it starts, the others while they trade.
    if (kill % 8 === 7) await setTimeout(random() * startupMs)
    else if (await bot.printed('at candle')) await setTimeout(random() * longestLifeMs)
    bot.child.kill('SIGKILL')
    const { killedBy, stdout, stderr } = await bot.end
    expect({ killedBy, stderr }).toEqual({ killedBy: 'SIGKILL', stderr: '' })
    const after = await stored(killed)
    expect(after.version, `kill ${kill} took commits back`).toBeGreaterThanOrEqual(version)
    if (stdout.includes('at candle') && after.version > 0 && after.version < candleCount) hits += 1
    if (after.version > version) livesWithCommits += 1
    ;({ version } = after)
  }
  expect(hits, 'kills that hit a bot in the middle of its trading').toBeGreaterThanOrEqual(6)
  expect(livesWithCommits).toBeGreaterThanOrEqual(10)

  const [last, only] = [
    await runBotProcess(candles, killed),
    await runBotProcess(candles, unharmed),
  ]
  expect([last.exitCode, only.exitCode]).toEqual([0, 0])
  expect(last.stdout).toMatch(/^Resumes +at candle/m)
  expect(only.stdout).toMatch(/^New run/m)
  const [survivor, reference] = [await stored(killed), await stored(unharmed)]
  // Without what Holdfast keeps about its effects, with keys and times of each run's own.
  const [survived, wanted] = [Trading.parse(survivor.data), Trading.parse(reference.data)]
  expect(wanted.equityCurve).toHaveLength(candleCount)
  expect(survived).toEqual(wanted)
  expect(reportIn(last.stdout)).toMatch(/Trades +\d+ closed/)
  expect(reportIn(last.stdout)).toBe(reportIn(only.stdout))
})
