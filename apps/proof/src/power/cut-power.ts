import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { SeededRandom } from '@holdfast/testing'
import { MountedImage, NotMountableError } from './commands.ts'
import { CutDisk, survivals, type Survival } from './cut.ts'
import { Ledger } from './ledger.ts'
import { record, type Recording } from './recording.ts'
import type { FileSystemKind, PowerSubject } from './subjects.ts'

/** What came of the power cuts of one recording. */
export interface PowerReport {
  readonly cuts: number
  /** How many of them left what cannot be mounted: torn superblocks, which no state can do anything about. */
  readonly unmountable: number
  /** Flushes that the disk was given while the marks were put in. */
  readonly flushes: number
  readonly problems: readonly string[]
}

/**
 * Records writers on a file system in `folder`, and cuts the power so often, each time at another
 * moment between the first mark and the last: mounts what is left, and opens the ledger.
 * @throws Error where a command of the system fails, or a writer; the reason of `signal`, and then nothing
 * stays mounted.
 */
export async function cutPower(
  kind: FileSystemKind,
  subject: PowerSubject,
  folder: string,
  options: { readonly cuts: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<PowerReport> {
  const recording = await record(kind, subject, folder)
  const { events, beganNs } = recording
  const random = new SeededRandom(options.seed)
  const begins = events.findIndex(({ atNs }) => atNs >= beganNs)
  const moments = Array.from(
    { length: options.cuts },
    () => begins + 1 + random.below(events.length - begins),
  ).toSorted((a, b) => a - b)
  const mounted = join(folder, 'after')
  mkdirSync(mounted)
  using disk = new CutDisk(recording, kind.sectorBytes, folder)
  const problems: string[] = []
  let unmountable = 0
  for (const [index, at] of moments.entries()) {
    await setImmediate() // most of what is done here is synchronous: a signal has to be heard
    options.signal.throwIfAborted()
    const survival = survivals[index % survivals.length] ?? 'none'
    const image = disk.cut(at, survival, random)
    try {
      const problem = await problemAfter(image, mounted, at, { kind, subject, recording })
      if (problem !== null) problems.push(described(at, survival, problem))
    } catch (error) {
      if (!(error instanceof NotMountableError) || survival !== 'torn') throw error
      unmountable += 1
    }
  }
  const flushes = events.slice(begins).filter((event) => event.kind === 'flush').length
  return { cuts: moments.length, unmountable, flushes, problems }
}

interface Cut {
  readonly kind: FileSystemKind
  readonly subject: PowerSubject
  readonly recording: Recording
}

function described(at: number, survival: Survival, problem: string): string {
  return `before event ${at}, of what was not flushed ${survival}: ${problem}`
}

/** What is wrong with the ledger on `image`; null where nothing is. */
async function problemAfter(
  image: string,
  mounted: string,
  at: number,
  { kind, subject, recording }: Cut,
): Promise<string | null> {
  using _ = new MountedImage(image, mounted, kind.options)
  const url = subject.url(join(mounted, 'state'))
  const { events, acknowledgedNs } = recording
  const cutNs = events[at]?.atNs ?? null
  const mustBeThere = [...acknowledgedNs].filter(([, ns]) => cutNs === null || ns < cutNs)
  try {
    {
      await using ledger = await Ledger.open(url)
      const { marks } = ledger
      const lost = mustBeThere.filter(([mark]) => !marks.includes(mark)).map(([mark]) => mark)
      if (lost.length > 0) return `lost ${lost.join(' ')}`
      const hole = marks.find((mark) => !isAfterItsOwn(mark, marks))
      if (hole !== undefined)
        return `${hole} is there, and what its writer had put in before is not`
      await ledger.put('after')
    }
    await using again = await Ledger.open(url)
    return again.marks.includes('after') ? null : 'what was put in afterwards is gone'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A writer puts in a mark when the one before was acknowledged. */
function isAfterItsOwn(mark: string, marks: readonly string[]): boolean {
  const [name, index] = mark.split('.')
  return index === undefined || index === '0' || marks.includes(`${name}.${Number(index) - 1}`)
}
