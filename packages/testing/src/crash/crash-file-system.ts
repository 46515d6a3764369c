import type { FileCall, FileStat, FileSystem, OpenFlags } from '@holdfast/fs'
import { Clock } from './clock.ts'
import { Content } from './content.ts'
import { CrashFileHandle, statOf } from './crash-file-handle.ts'
import { Disk } from './disk.ts'
import { type DiskImage, emptyImage, rootNumber } from './disk-image.ts'
import type { Inode } from './inode.ts'
import { type Asking, type PathEnd, walk } from './path-walk.ts'
import { nullIfMissing, systemError } from './system-error.ts'

/** What a call is to meet with: an error by its name, or a write that takes only so many bytes. */
export interface Fault {
  readonly code?: string
  readonly bytes?: number
}

/** How the disk of a CrashFileSystem behaves. */
export interface CrashDiskOptions {
  /** What a disk writes whole or not at all, in bytes; 512 when left out. A write is torn between them. */
  readonly blockBytes?: number
  /** How many bytes all files may have; without a limit when left out. Beyond: short writes, then ENOSPC. */
  readonly capacityBytes?: number
  /** Whether the blocks of a replaced file may be given to another one first, as ext4 does with data=writeback. */
  readonly reuse?: boolean
  /** The time at the start, in milliseconds since 1970. */
  readonly startMs?: number
}

/** 2026-11-22T10:00:00Z: any time will do, but it has to be the same in every run. */
const defaultStartMs = 1_795_341_600_000
const umask = 0o022

/**
 * A file system in memory that knows what a disk would have got: POSIX promises about what was synced,
 * and nothing else. Data, sizes, modes and names of what was not synced survive a power cut in any
 * combination; fsync of a file says nothing of its name, and a sync that failed makes nothing durable,
 * not even by another one. Paths are POSIX paths; permissions are not checked.
 */
export class CrashFileSystem implements FileSystem {
  readonly platform = 'linux'
  readonly disk: Disk
  /** Is asked at every call. */
  onCall: ((call: FileCall) => Fault | undefined) | null = null
  /** What goes on while a sync is under way, and how long it takes; null: a turn of the event loop. */
  duringSync: ((call: FileCall) => Promise<void>) | null = null
  readonly #capacityBytes: number
  readonly #handles = new Set<CrashFileHandle>()
  readonly #watchers = new Map<number, Set<() => void>>()

  constructor(options: CrashDiskOptions = {}, image: DiskImage = emptyImage) {
    const { blockBytes = 512, capacityBytes, reuse = false, startMs = defaultStartMs } = options
    this.#capacityBytes = capacityBytes ?? Number.POSITIVE_INFINITY
    this.disk = new Disk(image, { clock: new Clock(startMs), isReusing: reuse, blockBytes })
  }

  /** The paths of what was opened and not closed. */
  get openPaths(): string[] {
    return [...this.#handles].map(({ path }) => path)
  }

  open(path: string, flags: OpenFlags): CrashFileHandle {
    const asking = this.#enter({ method: 'open', path, flags }, 'open')
    const isExclusive = flags.create === 'exclusive'
    const isFollowing = flags.noFollow !== true && !isExclusive
    const end = this.#walk(path, isFollowing, asking)
    if (end.inode !== null && isExclusive) throw fail('EEXIST', asking)
    if (end.inode?.node.kind === 'symlink') throw fail('ELOOP', asking)
    const isOpenedAsFile = flags.access !== 'read' || flags.create !== undefined
    if (end.inode?.node.kind === 'directory' && isOpenedAsFile) throw fail('EISDIR', asking)
    if (end.inode === null && flags.create === undefined) throw fail('ENOENT', asking)
    return this.#opened(end.inode ?? this.#create(end, flags.mode ?? 0o600, asking), path, flags)
  }

  openDirectory(path: string): CrashFileHandle {
    const asking = this.#enter({ method: 'openDirectory', path }, 'open')
    const inode = this.#existing(path, true, asking)
    if (inode.node.kind !== 'directory') throw fail('ENOTDIR', asking)
    return this.#opened(inode, path, { access: 'none' })
  }

  stat(path: string): FileStat {
    return statOf(this.#existing(path, true, this.#enter({ method: 'stat', path }, 'stat')))
  }

  lstat(path: string): FileStat {
    return statOf(this.#existing(path, false, this.#enter({ method: 'lstat', path }, 'lstat')))
  }

  lstatIfThere(path: string): FileStat | null {
    return nullIfMissing(() => this.lstat(path))
  }

  rename(from: string, to: string): void {
    const asking = this.#enter({ method: 'rename', path: from, to }, 'rename', to)
    const source = this.#walk(from, false, asking)
    const target = this.#walk(to, false, asking)
    const { inode } = source
    if (inode === null) throw fail('ENOENT', asking)
    this.#requireAlive(target.directory, asking)
    this.#requireNoLoop(source, target, asking)
    if (inode === target.inode) return
    requireReplaceable(inode, target, asking)
    const cause = `rename ${from} -> ${to}`
    if (source.directory === target.directory) {
      this.disk.move(source.directory, source.name, target.name, inode, cause)
    } else {
      // Two directories are two places on the disk; that both changed or none is for a sync of both.
      this.disk.enter(target.directory, target.name, inode, cause)
      this.disk.leave(source.directory, source.name, cause)
    }
    this.touch(source.directory, target.directory)
  }

  link(from: string, to: string): void {
    const asking = this.#enter({ method: 'link', path: from, to }, 'link', to)
    const inode = this.#existing(from, false, asking)
    const end = this.#free(to, asking)
    if (inode.node.kind === 'directory') throw fail('EPERM', asking)
    this.disk.enter(end.directory, end.name, inode, `link ${from} -> ${to}`)
    this.touch(end.directory)
  }

  unlink(path: string): void {
    const asking = this.#enter({ method: 'unlink', path }, 'unlink')
    const { inode, directory, name } = this.#walk(path, false, asking)
    if (inode === null) throw fail('ENOENT', asking)
    if (inode.node.kind === 'directory') throw fail('EISDIR', asking)
    this.disk.leave(directory, name, `unlink ${path}`)
    this.touch(directory)
  }

  symlink(target: string, path: string): void {
    const asking = this.#enter({ method: 'symlink', path, target }, 'symlink', path)
    const end = this.#free(path, asking)
    const attributes = { mode: 0o777, uid: 0, gid: 0, modifiedUs: this.disk.clock.nowUs }
    const inode = this.disk.create({ kind: 'symlink', target, ...attributes }, end.directory)
    this.disk.enter(end.directory, end.name, inode, `symlink ${path} -> ${target}`)
    this.touch(end.directory)
  }

  readlink(path: string): string {
    const asking = this.#enter({ method: 'readlink', path }, 'readlink')
    const { node } = this.#existing(path, false, asking)
    if (node.kind !== 'symlink') throw fail('EINVAL', asking)
    return node.target
  }

  mkdir(path: string, mode: number): void {
    const asking = this.#enter({ method: 'mkdir', path, mode }, 'mkdir')
    const end = this.#free(path, asking)
    const attributes = { mode: mode & ~umask, uid: 0, gid: 0, modifiedUs: this.disk.clock.nowUs }
    const node = { kind: 'directory', entries: new Map(), ...attributes } as const
    const inode = this.disk.create(node, end.directory)
    this.disk.enter(end.directory, end.name, inode, `mkdir ${path}`)
    this.touch(end.directory)
  }

  rmdir(path: string): void {
    const asking = this.#enter({ method: 'rmdir', path }, 'rmdir')
    const { inode, directory, name } = this.#walk(path, false, asking)
    if (inode === null) throw fail('ENOENT', asking)
    if (inode.node.kind !== 'directory') throw fail('ENOTDIR', asking)
    if (inode.number === rootNumber) throw fail('EBUSY', asking)
    if (inode.node.entries.size > 0) throw fail('ENOTEMPTY', asking)
    this.disk.leave(directory, name, `rmdir ${path}`)
    this.touch(directory)
  }

  readdir(path: string): string[] {
    const asking = this.#enter({ method: 'readdir', path }, 'scandir')
    const { node } = this.#existing(path, true, asking)
    if (node.kind !== 'directory') throw fail('ENOTDIR', asking)
    return [...node.entries.keys()]
  }

  /** Listeners are called in a microtask after the change. */
  watch(path: string, listener: () => void): Disposable {
    const asking = this.#enter({ method: 'watch', path, listener }, 'watch')
    const { number } = this.#existing(path, true, asking)
    const listeners = this.#watchers.get(number) ?? new Set()
    this.#watchers.set(number, listeners)
    const own = (): void => listener()
    listeners.add(own)
    return { [Symbol.dispose]: () => void listeners.delete(own) }
  }

  /** Every call begins with this: a microsecond goes by, and a fault may be meant for it. */
  enter(call: FileCall): Fault | undefined {
    this.disk.clock.advance(1)
    return this.onCall?.(call)
  }

  forget(handle: CrashFileHandle): void {
    this.#handles.delete(handle)
  }

  /** How many of `length` bytes at `start` there is room for. */
  roomFor(inode: Inode, start: number, length: number): number {
    if (this.#capacityBytes === Number.POSITIVE_INFINITY || inode.node.kind !== 'file')
      return length
    const open = new Set([...this.#handles].map((handle) => handle.inode))
    const left = this.#capacityBytes - this.disk.usedBytes((one) => open.has(one))
    return Math.max(0, Math.min(length, inode.node.content.size + left - start))
  }

  /** Tells those who watch `inodes`, or the directories that these are in. */
  touch(...inodes: readonly Inode[]): void {
    if (this.#watchers.size === 0) return
    for (const { number, parent } of inodes) {
      for (const watched of new Set([number, parent])) {
        for (const listener of this.#watchers.get(watched) ?? []) queueMicrotask(listener)
      }
    }
  }

  #enter(call: FileCall, syscall: string, destination?: string): Asking {
    const from = call.method === 'symlink' ? call.target : call.path
    const asking = { syscall, path: from, ...(destination === undefined ? {} : { destination }) }
    const fault = this.enter(call)
    if (fault?.code !== undefined) throw fail(fault.code, asking)
    return asking
  }

  #walk(path: string, isFollowing: boolean, asking: Asking): PathEnd {
    return walk(this.disk, path, isFollowing, asking)
  }

  #existing(path: string, isFollowing: boolean, asking: Asking): Inode {
    const { inode } = this.#walk(path, isFollowing, asking)
    if (inode === null) throw fail('ENOENT', asking)
    return inode
  }

  #free(path: string, asking: Asking): PathEnd {
    const end = this.#walk(path, false, asking)
    if (end.inode !== null) throw fail('EEXIST', asking)
    this.#requireAlive(end.directory, asking)
    return end
  }

  #create(end: PathEnd, mode: number, asking: Asking): Inode {
    this.#requireAlive(end.directory, asking)
    const attributes = { mode: mode & ~umask, uid: 0, gid: 0, modifiedUs: this.disk.clock.nowUs }
    const inode = this.disk.create(
      { kind: 'file', content: Content.empty, ...attributes },
      end.directory,
    )
    this.disk.enter(end.directory, end.name, inode, `create ${asking.path}`)
    this.touch(end.directory)
    return inode
  }

  #opened(inode: Inode, path: string, flags: ConstructorParameters<typeof CrashFileHandle>[3]) {
    const handle = new CrashFileHandle(this, inode, path, flags)
    this.#handles.add(handle)
    return handle
  }

  /** A directory that was removed takes no names, even while somebody has it open. */
  #requireAlive({ links }: Inode, asking: Asking): void {
    if (links === 0) throw fail('ENOENT', asking)
  }

  /** Neither may a directory go into itself, nor something take the place of the directory that it is in. */
  #requireNoLoop(source: PathEnd, target: PathEnd, asking: Asking): void {
    for (const { inode } of [source, target]) {
      if (inode?.number === rootNumber) throw fail('EBUSY', asking)
    }
    if (this.#isBelow(target.directory, source.inode)) throw fail('EINVAL', asking)
    if (this.#isBelow(source.directory, target.inode)) throw fail('ENOTEMPTY', asking)
  }

  #isBelow(directory: Inode, ancestor: Inode | null): boolean {
    for (let above = directory; ; above = this.disk.inode(above.parent)) {
      if (above === ancestor) return true
      if (above.number === rootNumber) return false
    }
  }
}

/** A directory takes the place of an empty one, everything else that of no directory. */
function requireReplaceable(inode: Inode, target: PathEnd, asking: Asking): void {
  const replaced = target.inode?.node
  if (replaced === undefined) return
  if (inode.node.kind !== 'directory') {
    if (replaced.kind === 'directory') throw fail('EISDIR', asking)
  } else if (replaced.kind !== 'directory') throw fail('ENOTDIR', asking)
  else if (replaced.entries.size > 0) throw fail('ENOTEMPTY', asking)
}

function fail(code: string, { syscall, path, destination }: Asking): NodeJS.ErrnoException {
  return systemError(code, syscall, path, destination)
}
