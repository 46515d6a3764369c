import type { FileHandle, FileSystem, MaybePromise, OpenFlags } from './file-system.ts'

/**
 * One call on its way into a file system. Calls on an open handle carry the path it was opened by
 * and the name of their system call (`fstat`, `fchmod`, `fchown`, `ftruncate`, `fsync`, `fdatasync`),
 * which tells them from those on paths; `directory` is true on a handle of `openDirectory`.
 */
export type FileCall =
  | { readonly method: 'open'; readonly path: string; readonly flags: OpenFlags }
  | { readonly method: PathMethod; readonly path: string }
  | { readonly method: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly method: 'symlink'; readonly path: string; readonly target: string }
  | { readonly method: 'mkdir'; readonly path: string; readonly mode: number }
  | { readonly method: 'watch'; readonly path: string; readonly listener: () => void }
  | HandleCall

type PathMethod = 'openDirectory' | 'stat' | 'lstat' | 'unlink' | 'readlink' | 'rmdir' | 'readdir'

type HandleCall = { readonly path: string; readonly directory: boolean } & (
  | { readonly method: 'read'; readonly data: Uint8Array; readonly position: number }
  | { readonly method: 'write'; readonly data: Uint8Array; readonly position: number | null }
  | { readonly method: 'fchmod'; readonly mode: number }
  | { readonly method: 'fchown'; readonly uid: number; readonly gid: number }
  | { readonly method: 'ftruncate'; readonly size: number }
  | { readonly method: 'fstat' | 'fsync' | 'fdatasync' | 'close' }
)

/**
 * Decides what becomes of a call: throw, or return something of the call's result type, with or
 * without `proceed()`, which makes the call. `proceed(data)` makes a write with other bytes than
 * those given, which is how a short write is made.
 */
export type Intercept = (
  call: FileCall,
  proceed: (data?: Uint8Array) => MaybePromise<unknown>,
) => MaybePromise<unknown>

/**
 * A file system that gives every call, on paths and on handles, to `intercept` first: tests record
 * calls and inject faults here. `platform` makes it claim another platform.
 */
export function interceptFileSystem(
  inner: FileSystem,
  intercept: Intercept,
  platform: NodeJS.Platform = inner.platform,
): FileSystem {
  const via: Via = <T>(call: FileCall, proceed: (data?: Uint8Array) => T): T =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by contract, of the call's type
    intercept(call, proceed) as T
  const wrap = (inside: MaybePromise<FileHandle>, path: string, directory: boolean) =>
    inside instanceof Promise
      ? inside.then((handle) => interceptHandle(handle, via, path, directory))
      : interceptHandle(inside, via, path, directory)
  return {
    platform,
    open: (path, flags) =>
      wrap(
        via({ method: 'open', path, flags }, () => inner.open(path, flags)),
        path,
        false,
      ),
    openDirectory: (path) =>
      wrap(
        via({ method: 'openDirectory', path }, () => inner.openDirectory(path)),
        path,
        true,
      ),
    stat: (path) => via({ method: 'stat', path }, () => inner.stat(path)),
    lstat: (path) => via({ method: 'lstat', path }, () => inner.lstat(path)),
    lstatIfThere: (path) => via({ method: 'lstat', path }, () => inner.lstatIfThere(path)),
    rename: (path, to) => via({ method: 'rename', path, to }, () => inner.rename(path, to)),
    link: (path, to) => via({ method: 'link', path, to }, () => inner.link(path, to)),
    unlink: (path) => via({ method: 'unlink', path }, () => inner.unlink(path)),
    symlink: (target, path) =>
      via({ method: 'symlink', path, target }, () => inner.symlink(target, path)),
    readlink: (path) => via({ method: 'readlink', path }, () => inner.readlink(path)),
    mkdir: (path, mode) => via({ method: 'mkdir', path, mode }, () => inner.mkdir(path, mode)),
    rmdir: (path) => via({ method: 'rmdir', path }, () => inner.rmdir(path)),
    readdir: (path) => via({ method: 'readdir', path }, () => inner.readdir(path)),
    watch: (path, listener) =>
      via({ method: 'watch', path, listener }, () => inner.watch(path, listener)),
  }
}

type Via = <T>(call: FileCall, proceed: (data?: Uint8Array) => T) => T

function interceptHandle(
  inner: FileHandle,
  via: Via,
  path: string,
  directory: boolean,
): FileHandle {
  const at = { path, directory }
  return {
    read: (data, position) =>
      via({ ...at, method: 'read', data, position }, () => inner.read(data, position)),
    write: (data, position) =>
      via({ ...at, method: 'write', data, position }, (other) =>
        inner.write(other ?? data, position),
      ),
    stat: () => via({ ...at, method: 'fstat' }, () => inner.stat()),
    chmod: (mode) => via({ ...at, method: 'fchmod', mode }, () => inner.chmod(mode)),
    chown: (uid, gid) => via({ ...at, method: 'fchown', uid, gid }, () => inner.chown(uid, gid)),
    truncate: (size) => via({ ...at, method: 'ftruncate', size }, () => inner.truncate(size)),
    sync: () => via({ ...at, method: 'fsync' }, () => inner.sync()),
    dataSync: () => via({ ...at, method: 'fdatasync' }, () => inner.dataSync()),
    close: () => via({ ...at, method: 'close' }, () => inner.close()),
  }
}
