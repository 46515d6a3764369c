import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Child } from './child.ts'
import { command, MountedImage } from './commands.ts'
import { readDiskLog, type DiskEvent } from './disk-log.ts'
import type { FileSystemKind, PowerSubject } from './subjects.ts'

/** What reached a disk while marks were put into a ledger on it. */
export interface Recording {
  /** The file system before, unmounted. */
  readonly image: string
  readonly events: readonly DiskEvent[]
  /** When the first writer was told to begin, in nanoseconds. */
  readonly beganNs: bigint
  /** When each mark was acknowledged, in nanoseconds. */
  readonly acknowledgedNs: ReadonlyMap<string, bigint>
}

const marksOfEach = 40
const acknowledgement = z.tuple([z.string(), z.coerce.bigint()])
const ending = '.acknowledged'
const recordedDisk = new URL('./recorded-disk.ts', import.meta.url)
const neighbour = new URL('./neighbour.ts', import.meta.url)
const writer = new URL('./writer.ts', import.meta.url)

/**
 * Lets the writers of `subject` put marks into one ledger on a new file system of `kind`, in `folder`,
 * beside a process that makes the file system commit all the time.
 * @throws Error where one of them fails, or a command of the system.
 */
export async function record(
  kind: FileSystemKind,
  subject: PowerSubject,
  folder: string,
): Promise<Recording> {
  const [image, used, log] = [join(folder, 'image'), join(folder, 'used'), join(folder, 'log')]
  const disk = join(folder, 'disk')
  const [make = '', ...flags] = kind.make
  writeFileSync(image, '')
  truncateSync(image, kind.bytes)
  command(make, ...flags, image)
  command('cp', '--sparse=always', image, used)
  mkdirSync(disk)
  const recorder = await Child.start(recordedDisk, used, log, disk)
  let beganNs: bigint
  try {
    beganNs = await writeOn(join(disk, 'disk'), kind, subject, folder)
  } finally {
    command('umount', disk)
    await recorder.ended()
  }
  return { image, events: readDiskLog(log), beganNs, acknowledgedNs: readAcknowledged(folder) }
}

async function writeOn(
  disk: string,
  { options }: FileSystemKind,
  subject: PowerSubject,
  folder: string,
): Promise<bigint> {
  const mounted = join(folder, 'mounted')
  mkdirSync(mounted)
  using _ = new MountedImage(disk, mounted, options)
  const state = subject.url(join(mounted, 'state'))
  const beside = await Child.start(neighbour, join(mounted, 'neighbour'))
  const started: Child[] = []
  try {
    for (let index = 0; index < subject.writers; index += 1) {
      const name = `w${index}`
      const told = join(folder, name + ending)
      started.push(await Child.start(writer, state, name, String(marksOfEach), told))
    }
    const beganNs = process.hrtime.bigint()
    for (const child of started) child.begin()
    await Promise.all(started.map((child) => child.ended()))
    return beganNs
  } finally {
    await Promise.all([beside, ...started].map((child) => child.kill()))
  }
}

function readAcknowledged(folder: string): ReadonlyMap<string, bigint> {
  const files = readdirSync(folder).filter((name) => name.endsWith(ending))
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
  return new Map(lines.map((line) => acknowledgement.parse(JSON.parse(line))))
}
