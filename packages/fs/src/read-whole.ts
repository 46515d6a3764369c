import { throwIfAborted } from './abort-error.ts'
import type { FileHandle, FileSystem } from './file-system.ts'
import { quietly } from './quietly.ts'
import { hasCode, systemError } from './system-error.ts'
import { isTransientOpen, isTransientUse } from './transient-error.ts'
import { withRetries } from './with-retries.ts'
import type { RetryBudget } from './with-retries.ts'

const smallestChunkBytes = 4096
const largestChunkBytes = 16 * 1024 * 1024

/**
 * All bytes of the file at `path`, or null where it does not exist: ENOENT alone means that, every
 * other failure is thrown.
 * @throws EISDIR or EINVAL where `path` is not a regular file; AbortError.
 */
export async function readWhole(
  fs: FileSystem,
  path: string,
  options: RetryBudget = {},
): Promise<Uint8Array | null> {
  let handle: FileHandle
  try {
    handle = await withRetries(() => fs.open(path, { access: 'read' }), {
      ...options,
      path,
      syscall: 'open',
      isTransient: (error) => isTransientOpen(error) || isTransientUse(fs.platform, error),
    })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
  let bytes: Uint8Array
  try {
    bytes = await readHandle(handle, path, options.signal)
  } catch (error) {
    await quietly(() => handle.close())
    throw error
  }
  await handle.close()
  return bytes
}

async function readHandle(
  handle: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { kind, size } = await handle.stat()
  if (kind === 'directory') throw systemError('EISDIR', 'read', path, 'a directory, not a file')
  if (kind !== 'file') throw systemError('EINVAL', 'read', path, 'not a regular file')
  const chunks: Uint8Array[] = []
  for (let total = 0; ;) {
    throwIfAborted(signal)
    // One byte more than is left: a read that comes back short has seen the end.
    const wanted = Math.min(Math.max(size - total + 1, smallestChunkBytes), largestChunkBytes)
    const chunk = new Uint8Array(wanted)
    const count = await handle.read(chunk, total)
    chunks.push(chunk.subarray(0, count))
    total += count
    if (count < wanted) break
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}
