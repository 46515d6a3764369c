import { readFileSync, writevSync } from 'node:fs'

/** Something that reached the disk. A flush makes durable all writes before it, and holds no data. */
export interface DiskEvent {
  readonly kind: 'write' | 'flush'
  /** When, by CLOCK_MONOTONIC, in nanoseconds: the same clock in all processes of the machine. */
  readonly atNs: bigint
  readonly offset: number
  readonly data: Buffer
}

const headerBytes = 24
const flushMark = 1

/** Adds an event to the log that is open as `descriptor`. */
export function logDiskEvent(descriptor: number, { kind, atNs, offset, data }: DiskEvent): void {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(kind === 'flush' ? flushMark : 0, 0)
  header.writeUInt32LE(data.length, 4)
  header.writeBigUInt64LE(BigInt(offset), 8)
  header.writeBigUInt64LE(atNs, 16)
  writevSync(descriptor, [header, data])
}

/** All events of a log, in order. */
export function readDiskLog(path: string): DiskEvent[] {
  const log = readFileSync(path)
  const events: DiskEvent[] = []
  for (let at = 0; at < log.length;) {
    const length = log.readUInt32LE(at + 4)
    const start = at + headerBytes
    events.push({
      kind: log.readUInt32LE(at) === flushMark ? 'flush' : 'write',
      offset: Number(log.readBigUInt64LE(at + 8)),
      atNs: log.readBigUInt64LE(at + 16),
      data: log.subarray(start, start + length),
    })
    at = start + length
  }
  return events
}
