/** A value now, or later: real calls that take microseconds are made on the spot. */
export type MaybePromise<T> = T | Promise<T>

/** What `stat` tells. Identity is `dev` and `ino`; both are exact. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  readonly dev: bigint
  readonly ino: bigint
  /** Bytes. */
  readonly size: number
  /** Type and permission bits, as the kernel gives them. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly nlink: number
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

/** How a file is opened. Always close-on-exec; symbolic links are followed unless `noFollow`. */
export interface OpenFlags {
  readonly access: 'read' | 'write' | 'readwrite'
  /** Every write goes to the end of the file (O_APPEND). */
  readonly append?: boolean
  /** `exclusive`: fails with EEXIST where the name exists (O_CREAT | O_EXCL). */
  readonly create?: 'ifMissing' | 'exclusive'
  /** Permission bits of a created file, before the umask; 0o600 when left out. */
  readonly mode?: number
  /** Fails with ELOOP where the last component is a symbolic link (O_NOFOLLOW). */
  readonly noFollow?: boolean
}

/** An open file. Every method rejects or throws Node's system error, with `code`, `errno`, `syscall`. */
export interface FileHandle {
  /** Bytes read into `target` from its start; fewer than its length only at the end of the file. */
  read(target: Uint8Array, position: number): MaybePromise<number>
  /**
   * One write call: returns how many bytes the system took, which may be fewer than given. With
   * `position` null, at the current position (the end, for `append`).
   */
  write(data: Uint8Array, position: number | null): MaybePromise<number>
  stat(): MaybePromise<FileStat>
  chmod(mode: number): MaybePromise<void>
  chown(uid: number, gid: number): MaybePromise<void>
  truncate(size: number): MaybePromise<void>
  /** fsync (F_FULLFSYNC on macOS). A failure is final for this handle: never try again on it. */
  sync(): MaybePromise<void>
  /** fdatasync: the data, and what is needed to read it back. */
  dataSync(): MaybePromise<void>
  /** Never retried: after an error the descriptor is gone all the same. */
  close(): MaybePromise<void>
}

/**
 * The file calls that Holdfast makes, and no more: the seam through which tests reach every error
 * branch. Paths are absolute. Each method is one system call (`readdir` may be several), and fails
 * with Node's system error. Callers await each one: an implementation may answer at once or later.
 */
export interface FileSystem {
  /** What the platform does decides retries and directory syncs. */
  readonly platform: NodeJS.Platform
  open(path: string, flags: OpenFlags): MaybePromise<FileHandle>
  /** Opens a directory for `sync`, `stat` and `close` alone. */
  openDirectory(path: string): MaybePromise<FileHandle>
  stat(path: string): MaybePromise<FileStat>
  lstat(path: string): MaybePromise<FileStat>
  /** As `lstat`, and null where nothing is: who often asks in vain need not pay for an error each time. */
  lstatIfThere(path: string): MaybePromise<FileStat | null>
  rename(from: string, to: string): MaybePromise<void>
  /** Hard link; fails with EEXIST where `to` exists: the exclusive create of a whole file. */
  link(from: string, to: string): MaybePromise<void>
  unlink(path: string): MaybePromise<void>
  /** Creates a symbolic link at `path` that holds `target`; fails with EEXIST. */
  symlink(target: string, path: string): MaybePromise<void>
  readlink(path: string): MaybePromise<string>
  mkdir(path: string, mode: number): MaybePromise<void>
  rmdir(path: string): MaybePromise<void>
  /** The names in a directory, in no order, without `.` and `..`. */
  readdir(path: string): MaybePromise<string[]>
  /** Calls `listener` when something in the directory may have changed. Never keeps the process alive. */
  watch(path: string, listener: () => void): Disposable
}
