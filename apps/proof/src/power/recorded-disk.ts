/*
 * A disk that writes down what reaches it: a file `disk` in a mounted directory, for a loop device to
 * stand on. Each write and each flush goes into a log, in the order in which it came.
 * Arguments: image, log, directory. Tells its parent `ready`; ends when the directory is unmounted.
 */
import { fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { logDiskEvent } from './disk-log.ts'
import { errors, FuseConnection, mostWritten, operations, type FuseRequest } from './fuse.ts'

const [, , image = '', log = '', directory = ''] = process.argv
const backing = openSync(image, 'r+')
const logFile = openSync(log, 'ax')
const { size } = fstatSync(backing)
const rootNode = 1n
const diskNode = 2n
const validS = 3600n
const nothing = Buffer.alloc(0)
const fileMode = 0o100600
const directoryMode = 0o040700
const directIo = 1

function attributes(node: bigint): Buffer {
  const isDisk = node === diskNode
  const attr = Buffer.alloc(88)
  attr.writeBigUInt64LE(node, 0)
  attr.writeBigUInt64LE(isDisk ? BigInt(size) : 0n, 8)
  attr.writeUInt32LE(isDisk ? fileMode : directoryMode, 60)
  attr.writeUInt32LE(isDisk ? 1 : 2, 64)
  attr.writeUInt32LE(4096, 80)
  return attr
}

function init(body: Buffer): Buffer {
  const reply = Buffer.alloc(64)
  reply.writeUInt32LE(7, 0)
  reply.writeUInt32LE(Math.min(31, body.readUInt32LE(4)), 4)
  reply.writeUInt32LE(mostWritten, 8)
  reply.writeUInt32LE(1 << 5, 12) // FUSE_BIG_WRITES
  reply.writeUInt32LE(mostWritten, 20)
  reply.writeUInt32LE(1, 24)
  return reply
}

function lookUp(body: Buffer): Buffer | number {
  if (body.toString('latin1', 0, body.indexOf(0)) !== 'disk') return errors.ENOENT
  const entry = Buffer.alloc(40)
  entry.writeBigUInt64LE(diskNode, 0)
  entry.writeBigUInt64LE(validS, 16)
  entry.writeBigUInt64LE(validS, 24)
  return Buffer.concat([entry, attributes(diskNode)])
}

function getAttributes(node: bigint): Buffer {
  const head = Buffer.alloc(16)
  head.writeBigUInt64LE(validS, 0)
  return Buffer.concat([head, attributes(node)])
}

function open(node: bigint): Buffer {
  const reply = Buffer.alloc(16)
  if (node !== rootNode) reply.writeUInt32LE(directIo, 8)
  return reply
}

function readDisk(body: Buffer): Buffer {
  const data = Buffer.alloc(body.readUInt32LE(16))
  return data.subarray(0, readSync(backing, data, 0, data.length, Number(body.readBigUInt64LE(8))))
}

function writeDisk(body: Buffer, atNs: bigint): Buffer {
  const offset = Number(body.readBigUInt64LE(8))
  const data = body.subarray(40, 40 + body.readUInt32LE(16))
  writeSync(backing, data, 0, data.length, offset)
  logDiskEvent(logFile, { kind: 'write', atNs, offset, data })
  const reply = Buffer.alloc(8)
  reply.writeUInt32LE(data.length, 0)
  return reply
}

function flush(atNs: bigint): Buffer {
  logDiskEvent(logFile, { kind: 'flush', atNs, offset: 0, data: nothing })
  return nothing
}

function answerTo({ operation, node, body }: FuseRequest, atNs: bigint): Buffer | number | null {
  switch (operation) {
    case operations.init:
      return init(body)
    case operations.lookup:
      return lookUp(body)
    case operations.getattr:
    case operations.setattr:
      return getAttributes(node)
    case operations.open:
      return open(node)
    case operations.read:
      return readDisk(body)
    case operations.write:
      return writeDisk(body, atNs)
    case operations.fsync:
      return flush(atNs)
    case operations.flush:
    case operations.release:
      return nothing
    case operations.statfs:
      return Buffer.alloc(80)
    case operations.forget:
    case operations.batchForget:
    case operations.interrupt:
      return null // the kernel waits for no answer
    default:
      return errors.ENOSYS
  }
}

const connection = FuseConnection.mount(directory)
process.send?.('ready')
for (;;) {
  const request = await connection.next()
  if (request === null) break
  const outcome = answerTo(request, process.hrtime.bigint())
  if (outcome !== null) connection.answer(request, outcome)
}
fsyncSync(logFile)
process.disconnect?.()
