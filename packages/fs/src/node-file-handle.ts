import * as node from 'node:fs'
import { promisify } from 'node:util'
import type { FileHandle, FileStat, MaybePromise, OpenFlags } from './file-system.ts'
import { fileStat } from './node-file-stat.ts'

/** Up to here a copy to or from the page cache is cheaper than a round trip to the thread pool. */
const inlineBytes = 256 * 1024
/** One call to the pool moves no more: it is a point where a signal is looked at. */
const maxPooledBytes = 8 * 1024 * 1024

const read = promisify(node.read)
const fsync = promisify(node.fsync)
const fdatasync = promisify(node.fdatasync)

/** A file descriptor as a FileHandle. */
export class NodeFileHandle implements FileHandle {
  readonly #descriptor: number
  /** An append must not be cut in two, since others may write in between. */
  readonly #maxWriteBytes: number

  constructor(descriptor: number, { append = false }: Pick<OpenFlags, 'append'> = {}) {
    this.#descriptor = descriptor
    this.#maxWriteBytes = append ? Number.POSITIVE_INFINITY : maxPooledBytes
  }

  read(target: Uint8Array, position: number): MaybePromise<number> {
    if (target.length > inlineBytes) return this.#readPooled(target, position)
    let total = 0
    while (total < target.length) {
      const rest = target.length - total
      const count = node.readSync(this.#descriptor, target, total, rest, position + total)
      if (count === 0) break
      total += count
    }
    return total
  }

  async #readPooled(target: Uint8Array, position: number): Promise<number> {
    let total = 0
    while (total < target.length) {
      const size = Math.min(target.length - total, maxPooledBytes)
      const { bytesRead } = await read(this.#descriptor, target, total, size, position + total)
      if (bytesRead === 0) break
      total += bytesRead
    }
    return total
  }

  write(data: Uint8Array, position: number | null): MaybePromise<number> {
    if (data.length <= inlineBytes) {
      return node.writeSync(this.#descriptor, data, 0, data.length, position)
    }
    const size = Math.min(data.length, this.#maxWriteBytes)
    return writePooled(this.#descriptor, data, size, position)
  }

  stat(): FileStat {
    return fileStat(node.fstatSync(this.#descriptor, { bigint: true }))
  }

  chmod(mode: number): void {
    node.fchmodSync(this.#descriptor, mode)
  }

  chown(uid: number, gid: number): void {
    node.fchownSync(this.#descriptor, uid, gid)
  }

  truncate(size: number): void {
    node.ftruncateSync(this.#descriptor, size)
  }

  sync(): Promise<void> {
    return fsync(this.#descriptor)
  }

  dataSync(): Promise<void> {
    return fdatasync(this.#descriptor)
  }

  close(): void {
    node.closeSync(this.#descriptor)
  }
}

/** Of the first `size` bytes. */
function writePooled(
  descriptor: number,
  data: Uint8Array,
  size: number,
  position: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    node.write(descriptor, data, 0, size, position, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}
