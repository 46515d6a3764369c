import type { FileCall } from '@holdfast/fs'
import { CrashFileSystem, type CrashDiskOptions } from './crash-file-system.ts'
import type { DiskImage } from './disk-image.ts'
import { OperationLog, type Operations } from './operation-log.ts'
import { SimulatedProcess } from './simulated-process.ts'

/** From which disk, in which boot and with which past something is run. */
export interface CrashRunStart {
  readonly image: DiskImage
  readonly boot: number
  /** Counts the processes of the boot; 0 when left out. */
  readonly id?: number
  readonly seed: number
  readonly disk: CrashDiskOptions
  readonly operations: Operations
}

/** A moment at which the power may fail. */
export interface CrashPoint {
  /** Counts the moments of one run. */
  readonly number: number
  /** The call that it comes before. */
  readonly call: string
  readonly system: CrashFileSystem
  readonly log: OperationLog
}

const hourMs = 3_600_000

/** 2026-11-22T10:00:00Z, and an hour later for each start of the machine. */
export function bootTimeMs(boot: number): number {
  return 1_795_341_600_000 + boot * hourMs
}

/**
 * Runs `work` as the only process of a machine, and tells `onPoint` of every moment at which something
 * else could be on the disk, or owed, than at the one before: before each call, and at the end.
 */
export async function crashRun<Result>(
  { image, boot, id = 0, seed, disk, operations }: CrashRunStart,
  work: (process: SimulatedProcess) => Promise<Result>,
  onPoint: ((point: CrashPoint) => void) | null,
): Promise<{ result: Result; system: CrashFileSystem; log: OperationLog }> {
  // A process that comes after others in one boot comes half an hour after them.
  const startMs = bootTimeMs(id === 0 ? boot : boot + 0.5)
  const system = new CrashFileSystem({ ...disk, startMs }, image)
  const log = new OperationLog(operations)
  const { clock } = system.disk
  const process = new SimulatedProcess({ fileSystem: system, clock, log, seed, boot, id })
  let number = 0
  let isNew = true
  let told = -1
  const point = (call: string): void => {
    const owed = log.begun.length + log.acknowledged.length
    if (isNew || owed !== told) onPoint?.({ number, call, system, log })
    number += 1
    isNew = false
    told = owed
  }
  if (onPoint !== null) {
    system.onCall = (call) => {
      point(describeCall(call))
      isNew = isChanging(call)
      return undefined
    }
  }
  const result = await work(process)
  point('the end')
  return { result, system, log }
}

/** Whether the disk, or what is certain of it, can be another one afterwards. */
function isChanging(call: FileCall): boolean {
  switch (call.method) {
    case 'open':
      return call.flags.create !== undefined
    case 'openDirectory':
    case 'stat':
    case 'lstat':
    case 'readlink':
    case 'readdir':
    case 'watch':
    case 'read':
    case 'fstat':
    case 'close':
      return false
    default:
      return true
  }
}

/** A call, for people. */
export function describeCall(call: FileCall): string {
  if (call.method === 'rename' || call.method === 'link') {
    return `${call.method} ${call.path} -> ${call.to}`
  }
  if (call.method === 'symlink') return `symlink ${call.path} -> ${call.target}`
  if (call.method !== 'write') return `${call.method} ${call.path}`
  const where = call.position === null ? 'at the end' : `at ${call.position}`
  return `write ${call.path}, ${call.data.length} bytes ${where}`
}
