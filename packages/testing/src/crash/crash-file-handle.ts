import { constants } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { FileCall, FileHandle, FileStat, OpenFlags } from '@holdfast/fs'
import type { DiskNode } from './disk-node.ts'
import type { CrashFileSystem } from './crash-file-system.ts'
import type { Inode, PendingChange } from './inode.ts'
import { systemError } from './system-error.ts'

/** What the handle of a directory can do is what one can that was opened for nothing. */
export type HandleFlags = OpenFlags | { readonly access: 'none' }

/** A file or directory that was opened on a CrashFileSystem. */
export class CrashFileHandle implements FileHandle {
  readonly inode: Inode
  readonly path: string
  readonly #system: CrashFileSystem
  readonly #flags: HandleFlags
  #position = 0
  #isOpen = true

  constructor(system: CrashFileSystem, inode: Inode, path: string, flags: HandleFlags) {
    this.#system = system
    this.inode = inode
    this.path = path
    this.#flags = flags
  }

  read(target: Uint8Array, position: number): number {
    this.#enter('read', { method: 'read', data: target, position, ...this.#at })
    const { node } = this.inode
    if (node.kind === 'directory') throw this.#error('EISDIR', 'read')
    if (node.kind !== 'file' || this.#flags.access === 'write') throw this.#error('EBADF', 'read')
    return node.content.read(target, position)
  }

  write(data: Uint8Array, position: number | null): number {
    const fault = this.#enter('write', { method: 'write', data, position, ...this.#at })
    if (!isWritable(this.#flags)) throw this.#error('EBADF', 'write')
    const { node } = this.inode
    if (node.kind !== 'file') throw this.#error('EISDIR', 'write')
    const start =
      'append' in this.#flags && this.#flags.append
        ? node.content.size
        : (position ?? this.#position)
    const room = this.#system.roomFor(this.inode, start, data.length)
    const count = Math.min(data.length, room, fault?.bytes ?? data.length)
    if (count === 0 && data.length > 0 && room === 0) throw this.#error('ENOSPC', 'write')
    this.#system.disk.write(this.inode, start, data.subarray(0, count), this.path)
    if (position === null) this.#position = start + count
    this.#system.touch(this.inode)
    return count
  }

  stat(): FileStat {
    this.#enter('fstat', { method: 'fstat', ...this.#at })
    return statOf(this.inode)
  }

  chmod(mode: number): void {
    this.#enter('fchmod', { method: 'fchmod', mode, ...this.#at })
    const { uid, gid } = this.inode.node
    this.#system.disk.setAttributes(
      this.inode,
      { mode: mode & 0o7777, uid, gid },
      `fchmod ${this.path}`,
    )
  }

  chown(uid: number, gid: number): void {
    this.#enter('fchown', { method: 'fchown', uid, gid, ...this.#at })
    const mode = this.inode.node.mode & 0o1777 // clears the set-id bits (chown(2))
    this.#system.disk.setAttributes(this.inode, { mode, uid, gid }, `fchown ${this.path}`)
  }

  truncate(size: number): void {
    this.#enter('ftruncate', { method: 'ftruncate', size, ...this.#at })
    const { node } = this.inode
    if (!isWritable(this.#flags) || node.kind !== 'file') throw this.#error('EINVAL', 'ftruncate')
    if (size === node.content.size) return
    if (this.#system.roomFor(this.inode, 0, size) < size) throw this.#error('ENOSPC', 'ftruncate')
    this.#system.disk.change(
      this.inode,
      { kind: 'truncate', size },
      `ftruncate ${this.path} to ${size}`,
    )
    this.#system.touch(this.inode)
  }

  async sync(): Promise<void> {
    await this.#sync('fsync', () => true)
  }

  /** Mode and owner are not needed to read the data back, so they stay pending. */
  async dataSync(): Promise<void> {
    await this.#sync('fdatasync', ({ change }) => change.kind !== 'attributes')
  }

  close(): void {
    const fault = this.#enter('close', { method: 'close', ...this.#at })
    this.#isOpen = false
    this.#system.forget(this)
    if (fault?.code !== undefined) throw this.#error(fault.code, 'close')
  }

  get #at(): { path: string; directory: boolean } {
    return { path: this.path, directory: this.#flags.access === 'none' }
  }

  /**
   * Covers what was there when it began, and takes longer than anything that its caller does without
   * waiting for it: who goes on too early is not saved by a disk that was fast. Fails as well where
   * another one does meanwhile, whose pages it waits for too.
   */
  async #sync(
    syscall: 'fsync' | 'fdatasync',
    isNeeded: (pending: PendingChange) => boolean,
  ): Promise<void> {
    const call = { method: syscall, ...this.#at }
    const fault = this.#enter(syscall, call)
    if (fault?.code !== undefined) {
      if (isFailedFlush(fault.code)) this.inode.failSync()
      throw this.#error(fault.code, syscall)
    }
    const newest = this.inode.changes.at(-1)?.id ?? -1
    const { failedSyncs } = this.inode
    await (this.#system.duringSync?.(call) ?? turn())
    if (this.inode.failedSyncs !== failedSyncs) throw this.#error('EIO', syscall)
    this.inode.sync((pending) => pending.id <= newest && isNeeded(pending))
  }

  /** Counts the call, and gives the fault that is meant for it and does not end it here. */
  #enter(syscall: string, call: FileCall): { code?: string; bytes?: number } | undefined {
    const fault = this.#system.enter(call)
    if (!this.#isOpen) throw this.#error('EBADF', syscall)
    if (fault?.code === undefined || isLate(syscall)) return fault
    throw this.#error(fault.code, syscall)
  }

  #error(code: string, syscall: string): NodeJS.ErrnoException {
    const error = systemError(code, syscall, this.path)
    // Node knows no path for what is done by a descriptor.
    delete error.path
    error.message = error.message.slice(0, error.message.indexOf(` '${this.path}'`))
    return error
  }
}

/** What a failed sync leaves behind is for its code to say; a failed close has closed. */
function isLate(syscall: string): boolean {
  return syscall === 'close' || syscall === 'fsync' || syscall === 'fdatasync'
}

/** A sync that is refused has done nothing; one that failed leaves clean pages (fsyncgate). */
function isFailedFlush(code: string): boolean {
  return code === 'EIO' || code === 'EDQUOT' || code === 'ENOSPC'
}

function isWritable({ access }: HandleFlags): boolean {
  return access === 'write' || access === 'readwrite'
}

const typeBits = {
  file: constants.S_IFREG,
  directory: constants.S_IFDIR,
  symlink: constants.S_IFLNK,
}

/** What stat(2) tells. */
export function statOf({ node, number, links }: Inode): FileStat {
  const timeNs = BigInt(node.modifiedUs) * 1000n
  return {
    kind: node.kind,
    dev: 1n,
    ino: BigInt(number),
    size: sizeOf(node),
    mode: typeBits[node.kind] | node.mode,
    uid: node.uid,
    gid: node.gid,
    nlink: links,
    mtimeNs: timeNs,
    ctimeNs: timeNs,
  }
}

function sizeOf(node: DiskNode): number {
  if (node.kind === 'file') return node.content.size
  return node.kind === 'symlink' ? Buffer.byteLength(node.target) : 4096
}
