import { expect, test } from 'vitest'
import { countTogether } from '../src/storm/count-together.ts'
import { FreshFolder } from '../src/fresh-folder.ts'
import { outcomeOf } from '../src/storm/outcome-of.ts'
import { runStorm } from '../src/storm/run-storm.ts'
import type { Contender } from '../src/storm/shared-list.ts'
import { kills } from '../src/storm/weather.ts'

const contenders: Contender[] = ['journal', 'journal that compacts', 'lockfile that compacts']

test.for(contenders)(
  'what processes that are killed at any time did to one %s is linearizable',
  async (contender) => {
    using place = new FreshFolder()
    const least = { events: 8, operations: 400 }
    const report = await runStorm({ contender, weather: kills, folder: place.path, ...least })
    expect(outcomeOf(report)).toBe('linearizable')
    // A storm in which nothing was going on would prove nothing.
    expect(report.result.operations).toBeGreaterThanOrEqual(least.operations)
    expect(report.result.unknown).toBeGreaterThanOrEqual(least.events / 2)
  },
)

test.for(['compactAfterBytes=1000000000', 'compactAfterBytes=4096&keep=0'])(
  '8 processes that raise one counter 500 times each, without a lock, make it 4,000: %s',
  async (options) => {
    using place = new FreshFolder()
    const url = `journal:${place.path}/state?durability=process&${options}`
    expect(await countTogether(url, 8, 500)).toMatchObject({ count: 4000 })
  },
)
