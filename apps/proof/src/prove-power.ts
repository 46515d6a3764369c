/*
 * Power cuts on real file systems: ext4, xfs and btrfs, each on a disk that writes down what reaches it.
 * Prints a line for each backend on each, and every problem; ends with 1 where there is one, or where
 * what is not asked to survive a power cut does. Linux, as root, with e2fsprogs, xfsprogs and btrfs-progs.
 * Argument: how many cuts of each; 100 when left out.
 */
import { setImmediate } from 'node:timers/promises'
import { cutPower } from './power/cut-power.ts'
import {
  fileSystems,
  powerSubjects,
  type FileSystemKind,
  type PowerSubject,
} from './power/subjects.ts'
import { FreshFolder } from './fresh-folder.ts'

const [, , argument = '100', ...rest] = process.argv
const cuts = Number(argument)
if (rest.length > 0 || !Number.isSafeInteger(cuts) || cuts < 1) {
  throw new TypeError('usage: prove-power [how many cuts]')
}

/** More of them would leave too little that was looked at. */
const mostUnmountable = 0.1

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => stop.abort(new Error(`stopped by ${name}`)))
}

/** Whether all is as it should be. */
async function prove(kind: FileSystemKind, subject: PowerSubject): Promise<boolean> {
  using place = new FreshFolder()
  const options = { cuts, seed: Date.now() % 1_000_000, signal: stop.signal }
  const { flushes, unmountable, problems } = await cutPower(kind, subject, place.path, options)
  const isRight =
    (problems.length === 0) === subject.mustStand && unmountable <= cuts * mostUnmountable
  console.log(
    `${kind.name}, ${subject.name}: ${cuts} cuts between ${flushes} flushes, ` +
      `${unmountable} not to be mounted, ${problems.length} problems, seed ${options.seed}${isRight ? '' : ', WRONG'}`,
  )
  if (subject.mustStand) for (const problem of problems) console.log(`    ${problem}`)
  return isRight
}

let isSound = true
try {
  for (const kind of fileSystems) {
    for (const subject of powerSubjects) isSound = (await prove(kind, subject)) && isSound
  }
  process.exitCode = isSound ? 0 : 1
} catch (error) {
  await setImmediate() // a command was ended by the signal, which is not heard yet
  if (!stop.signal.aborted) throw error
  console.log(stop.signal.reason.message)
  process.exitCode = 130
}
