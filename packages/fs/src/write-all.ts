import { throwIfAborted } from './abort-error.ts'
import type { FileHandle } from './file-system.ts'
import { systemError } from './system-error.ts'

/** A signal is looked at, and other work gets a turn, after as much. */
const maxWriteBytes = 8 * 1024 * 1024

/**
 * Writes all of `data` from `position` on: what a short write leaves (write(2): a full disk, a quota,
 * a signal) is written by the next one. Resolves with the position after it.
 * @throws EIO where the system takes nothing without saying why; AbortError.
 */
export async function writeAll(
  handle: FileHandle,
  path: string,
  data: Uint8Array,
  position: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let written = 0
  while (written < data.length) {
    throwIfAborted(signal)
    const piece = data.subarray(written, written + maxWriteBytes)
    const count = await handle.write(piece, position + written)
    if (!(count > 0)) {
      const left = data.length - written
      throw systemError('EIO', 'write', path, `the system took none of the ${left} bytes left`)
    }
    written += count
  }
  return position + written
}
