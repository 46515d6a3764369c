/*
 * Storms of at least so many kills, and so many stops, over each backend; and over two that must not
 * stand them. Prints a line for each, and how to see it again; ends with 1 where one came out wrong.
 * Argument: how many; 100 when left out.
 */
import { countTogether } from './storm/count-together.ts'
import { FreshFolder } from './fresh-folder.ts'
import { outcomeOf } from './storm/outcome-of.ts'
import { runStorm, type Weather } from './storm/run-storm.ts'
import type { Contender } from './storm/shared-list.ts'
import { kills, longStops, stops } from './storm/weather.ts'

const [, , argument = '100', ...rest] = process.argv
const events = Number(argument)
if (rest.length > 0 || !Number.isSafeInteger(events) || events < 1) {
  throw new TypeError('usage: prove-storms [how many kills and stops]')
}

const storms: readonly (readonly [string, Contender, Weather, boolean])[] = [
  ['SIGKILL', 'journal', kills, true],
  ['SIGKILL', 'journal that compacts', kills, true],
  ['SIGKILL', 'lockfile', kills, true],
  ['SIGKILL', 'lockfile that compacts', kills, true],
  ['SIGSTOP', 'journal', stops, true],
  ['SIGSTOP', 'journal that compacts', stops, true],
  ['SIGSTOP beyond the lease', 'lockfile', longStops, true],
  ['SIGSTOP beyond the lease', 'lockfile that compacts', longStops, true],
  ['SIGSTOP', 'JSON file without a lock', stops, false],
  ['SIGSTOP beyond the lease', 'JSON file under a lease', longStops, false],
]

let isSound = true
for (const [what, contender, weather, mustStand] of storms) {
  using place = new FreshFolder()
  const operations = 10 * events
  const seed = Date.now() % 1_000_000
  const storm = { contender, weather, events, operations, folder: place.path, seed }
  const report = await runStorm(storm)
  const { result, durationMs } = report
  const isRight =
    (result.verdict === 'linearizable') === mustStand && result.verdict !== 'undecided'
  isSound &&= isRight
  console.log(
    `${contender}: ${report.events} x ${what} in ${(durationMs / 1000).toFixed(1)} s, ` +
      `${result.operations} operations, ${result.unknown} of unknown outcome, seed ${seed}: ` +
      `${result.verdict}${isRight ? '' : ', WRONG'}`,
  )
  if (mustStand && !isRight) console.log(outcomeOf(report))
}
for (const options of ['compactAfterBytes=1000000000', 'compactAfterBytes=4096&keep=0']) {
  using place = new FreshFolder()
  const result = await countTogether(`journal:${place.path}/state?${options}`, 8, 500)
  isSound &&= result.count === 4000
  console.log(
    `journal, 8 processes x 500 increments, ${options}: ${result.count} in ` +
      `${(result.durationMs / 1000).toFixed(1)} s`,
  )
}
process.exitCode = isSound ? 0 : 1
