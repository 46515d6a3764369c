import type { FileCall, FileHandle, FileSystem, Intercept } from '@holdfast/fs'

/** The calls that `matches` are not made, and succeed. */
export function swallow(matches: (call: FileCall) => boolean): () => Intercept {
  return () => (call, proceed) => (matches(call) ? undefined : proceed())
}

/** A sync of a file's data. */
export function isFileSync(call: FileCall): boolean {
  return (call.method === 'fsync' || call.method === 'fdatasync') && !call.directory
}

/** A sync of a directory, or of the one directory `path`. */
export function isDirectorySync(call: FileCall, path?: string): boolean {
  if (call.method !== 'fsync' || !call.directory) return false
  return path === undefined || call.path === path
}

/** Nobody waits for the sync of the state's directory: each happens when the next one is asked for. */
export function lateSync(): Intercept {
  let late: (() => unknown) | null = null
  return (call, proceed) => {
    if (call.method === 'close' && call.path === '/state') late = null
    if (!isDirectorySync(call, '/state')) return proceed()
    late?.()
    late = proceed
    return undefined
  }
}

/** A sync that failed is tried once more. */
export function retriedSync(): Intercept {
  return async (call, proceed) => {
    if (!isFileSync(call)) return proceed()
    try {
      return await proceed()
    } catch {
      return proceed()
    }
  }
}

/** The file is not replaced by a rename, but written again where it is; emptied before, if `isCut`. */
export function writtenInPlace(fileSystem: FileSystem, isCut: boolean): Intercept {
  return async (call, proceed) => {
    if (call.method !== 'rename' || !call.path.endsWith('.tmp') || !exists(fileSystem, call.to)) {
      return proceed()
    }
    const source = now(fileSystem.open(call.path, { access: 'read' }))
    const target = now(fileSystem.open(call.to, { access: 'write' }))
    const data = new Uint8Array(now(source.stat()).size)
    now(source.read(data, 0))
    if (isCut) now(target.truncate(0))
    now(target.write(data, 0))
    if (!isCut) now(target.truncate(data.length))
    await target.sync()
    closeAll(source, target)
    return fileSystem.unlink(call.path)
  }
}

/** The lock is everybody's. */
export function ignoredLock(): Intercept {
  let own = ''
  return (call, proceed) => {
    if (!call.path.includes('.lock')) return proceed()
    if (call.method === 'symlink') {
      own = call.target
      return undefined
    }
    return call.method === 'readlink' ? own : undefined
  }
}

function exists(fileSystem: FileSystem, path: string): boolean {
  try {
    now(fileSystem.lstat(path))
    return true
  } catch {
    return false
  }
}

function closeAll(...handles: readonly FileHandle[]): void {
  for (const handle of handles) now(handle.close())
}

/** The simulated file system answers at once. */
function now<Answer>(answer: Answer | Promise<Answer>): Answer {
  if (answer instanceof Promise) throw new TypeError('the file system does not answer at once')
  return answer
}
