/*
 * Power cuts on real file systems: ext4, xfs and btrfs, each on a disk that writes down what reaches it.
 * Prints a line for each backend on each, and every problem; ends with 1 where there is one, or where
 * what is not asked to survive a power cut does. Linux, as root, with e2fsprogs, xfsprogs and btrfs-progs.
 * Argument: how many cuts of each; 100 when left out.
 */
import { cutPower } from './power/cut-power.ts'
import { fileSystems, powerSubjects } from './power/subjects.ts'
import { FreshFolder } from './fresh-folder.ts'

const [, , argument = '100', ...rest] = process.argv
const cuts = Number(argument)
if (rest.length > 0 || !Number.isSafeInteger(cuts) || cuts < 1) {
  throw new TypeError('usage: prove-power [how many cuts]')
}

/** More of them would leave too little that was looked at. */
const mostUnmountable = 0.1

let isSound = true
for (const kind of fileSystems) {
  for (const subject of powerSubjects) {
    using place = new FreshFolder()
    const seed = Date.now() % 1_000_000
    const { flushes, unmountable, problems } = await cutPower(kind, subject, place.path, {
      cuts,
      seed,
    })
    const isRight =
      (problems.length === 0) === subject.mustStand && unmountable <= cuts * mostUnmountable
    isSound &&= isRight
    console.log(
      `${kind.name}, ${subject.name}: ${cuts} cuts between ${flushes} flushes, ` +
        `${unmountable} not to be mounted, ${problems.length} problems, seed ${seed}${isRight ? '' : ', WRONG'}`,
    )
    if (subject.mustStand) for (const problem of problems) console.log(`    ${problem}`)
  }
}
process.exitCode = isSound ? 0 : 1
