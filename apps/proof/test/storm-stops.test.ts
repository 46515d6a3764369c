import { expect, test } from 'vitest'
import { FreshFolder } from '../src/fresh-folder.ts'
import { outcomeOf } from '../src/storm/outcome-of.ts'
import { runStorm, type Weather } from '../src/storm/run-storm.ts'
import type { Contender } from '../src/storm/shared-list.ts'
import { longStops, stops } from '../src/storm/weather.ts'

async function expectLinearizable(
  contender: Contender,
  weather: Weather,
  events: number,
): Promise<void> {
  using place = new FreshFolder()
  const operations = 400
  const report = await runStorm({ contender, weather, events, operations, folder: place.path })
  expect(outcomeOf(report)).toBe('linearizable')
  expect(report.result.unknown).toBe(0)
}

/** How often a storm may be too weak before it is called so. */
const mostRounds = 6

async function expectViolated(
  contender: Contender,
  weather: Weather,
  events: number,
): Promise<void> {
  let verdict = ''
  for (let seed = 1; verdict !== 'violated' && seed <= mostRounds; seed += 1) {
    using place = new FreshFolder()
    const storm = { contender, weather, events, operations: 200, folder: place.path, seed }
    verdict = (await runStorm(storm)).result.verdict
  }
  expect(verdict).toBe('violated')
}

test.for<Contender>(['journal', 'journal that compacts'])(
  'what processes that are stopped at any time did to one %s is linearizable',
  async (contender) => expectLinearizable(contender, stops, 25),
)

test('the same storm over a JSON file without a lock is found not to be linearizable', async () =>
  expectViolated('JSON file without a lock', stops, 10))

test.concurrent('what processes that are stopped for longer than a lease did to one lockfile is linearizable', async () =>
  expectLinearizable('lockfile that compacts', longStops, 8))

test.concurrent('the same storm over a JSON file under a lease is found not to be linearizable', async () =>
  expectViolated('JSON file under a lease', longStops, 8))
