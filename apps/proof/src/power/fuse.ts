import { spawnSync } from 'node:child_process'
import { openSync, read, writevSync } from 'node:fs'
import { promisify } from 'node:util'

/** What the kernel asks for, by the numbers of include/uapi/linux/fuse.h. */
export const operations = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  interrupt: 36,
  batchForget: 42,
} as const

/** Errors that an answer may carry. */
export const errors = { ENOENT: 2, ENOSYS: 38 } as const

/** One request of the kernel, its header taken apart. */
export interface FuseRequest {
  readonly operation: number
  readonly id: bigint
  readonly node: bigint
  /** What follows the header; valid until the next request is read. */
  readonly body: Buffer
}

/** The most bytes of one write. */
export const mostWritten = 128 * 1024

const inHeaderBytes = 40
const outHeaderBytes = 16
const readFile = promisify(read)

/** One end of a mount, in user space: takes requests one at a time, and answers them. Linux, as root. */
export class FuseConnection {
  readonly #device: number
  readonly #buffer = Buffer.alloc(mostWritten + 64 * 1024)

  private constructor(device: number) {
    this.#device = device
  }

  /** Mounts on the directory `on`. @throws Error with what `mount` says. */
  static mount(on: string): FuseConnection {
    const device = openSync('/dev/fuse', 'r+')
    const options = 'fd=3,rootmode=40000,user_id=0,group_id=0'
    const args = ['-i', '-t', 'fuse', '-o', options, 'recorded-disk', on]
    const { status, stderr } = spawnSync('mount', args, {
      stdio: ['ignore', 'ignore', 'pipe', device],
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`mount: ${stderr}`)
    return new FuseConnection(device)
  }

  /** The next request, or null when the mount is gone. */
  async next(): Promise<FuseRequest | null> {
    for (;;) {
      try {
        const { bytesRead } = await readFile(
          this.#device,
          this.#buffer,
          0,
          this.#buffer.length,
          null,
        )
        const request = this.#buffer.subarray(0, bytesRead)
        return {
          operation: request.readUInt32LE(4),
          id: request.readBigUInt64LE(8),
          node: request.readBigUInt64LE(16),
          body: request.subarray(inHeaderBytes),
        }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined
        if (code === 'ENODEV') return null
        // A request that was taken back before it was read, or a signal.
        if (code !== 'ENOENT' && code !== 'EINTR' && code !== 'EAGAIN') throw error
      }
    }
  }

  /** Answers a request with data, or with one of `errors`. */
  answer({ id }: FuseRequest, outcome: Buffer | number): void {
    const data = typeof outcome === 'number' ? Buffer.alloc(0) : outcome
    const header = Buffer.alloc(outHeaderBytes)
    header.writeUInt32LE(outHeaderBytes + data.length, 0)
    header.writeInt32LE(typeof outcome === 'number' ? -outcome : 0, 4)
    header.writeBigUInt64LE(id, 8)
    writevSync(this.#device, [header, data])
  }
}
