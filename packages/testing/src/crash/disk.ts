import type { Clock } from './clock.ts'
import type { Change, DiskNode } from './disk-node.ts'
import { DiskImage, rootNumber } from './disk-image.ts'
import { Inode, type PendingChange } from './inode.ts'

/** How a disk behaves. */
export interface DiskOptions {
  readonly clock: Clock
  /** What it writes whole or not at all. */
  readonly blockBytes: number
  /** Whether the blocks of a removed file are given to others before its name is gone on the disk. */
  readonly isReusing: boolean
}

/** The inodes of a file system: what processes see, and what may be on the disk. */
export class Disk {
  readonly clock: Clock
  readonly inodes: Map<number, Inode> = new Map()
  readonly #blockBytes: number
  readonly #isReusing: boolean
  #nextNumber = rootNumber + 1
  #nextChange = 0
  /** Inodes whose last name went, where the disk still has one. */
  #freed: Inode[] = []

  constructor(image: DiskImage, { clock, blockBytes, isReusing }: DiskOptions) {
    this.clock = clock
    this.#blockBytes = blockBytes
    this.#isReusing = isReusing
    for (const [number, node] of image.nodes) {
      this.inodes.set(number, new Inode(number, node, rootNumber))
      this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    }
    this.inode(rootNumber).links = 1
    for (const directory of this.inodes.values()) {
      if (directory.node.kind !== 'directory') continue
      for (const number of directory.node.entries.values()) {
        const entry = this.inode(number)
        entry.links += 1
        if (entry.node.kind === 'directory') entry.parent = directory.number
      }
    }
  }

  inode(number: number): Inode {
    const inode = this.inodes.get(number)
    if (inode === undefined) throw new TypeError(`there is no inode ${number}`)
    return inode
  }

  create(node: DiskNode, parent: Inode): Inode {
    const inode = new Inode(this.#nextNumber++, node, parent.number)
    this.inodes.set(inode.number, inode)
    return inode
  }

  /** Makes `change`, pending; `cause` says by which call. */
  change(inode: Inode, change: Change, cause: string): void {
    const pending: PendingChange = {
      change,
      cause,
      id: this.#nextChange++,
      modifiedUs: this.clock.nowUs,
      state: 'pending',
    }
    inode.change(pending)
    if (change.kind === 'write' && this.#isReusing) this.#reuse(inode)
  }

  /** A write, as the changes of which a disk may get one without the other: the size, and each block. */
  write(inode: Inode, start: number, data: Uint8Array, path: string): void {
    if (data.length === 0 || inode.node.kind !== 'file') return
    const end = start + data.length
    if (end > inode.node.content.size) {
      this.change(inode, { kind: 'extend', size: end }, `write ${path}, its size ${end}`)
    }
    for (let done = 0; done < data.length;) {
      const position = start + done
      const length = Math.min(data.length - done, this.#blockBytes - (position % this.#blockBytes))
      const piece = data.slice(done, done + length) // the caller's buffer is the caller's own
      const cause = `write ${path}, bytes ${position} to ${position + length}`
      this.change(inode, { kind: 'write', position, data: piece }, cause)
      done += length
    }
  }

  setAttributes(
    inode: Inode,
    attributes: { mode: number; uid: number; gid: number },
    cause: string,
  ): void {
    const { mode, uid, gid } = inode.node
    if (mode === attributes.mode && uid === attributes.uid && gid === attributes.gid) return
    this.change(inode, { kind: 'attributes', ...attributes }, cause)
  }

  /** Puts `inode` under `name`, in the place of what was there. */
  enter(directory: Inode, name: string, inode: Inode, cause: string): void {
    this.#release(directory, name)
    this.change(directory, { kind: 'enter', name, number: inode.number }, cause)
    inode.links += 1
    if (inode.node.kind === 'directory') inode.parent = directory.number
  }

  leave(directory: Inode, name: string, cause: string): void {
    this.#release(directory, name)
    this.change(directory, { kind: 'leave', name }, cause)
  }

  /** Renames within one directory. */
  move(directory: Inode, from: string, to: string, inode: Inode, cause: string): void {
    this.#release(directory, to)
    this.change(directory, { kind: 'move', from, to, number: inode.number }, cause)
  }

  /** What processes see. */
  image(): DiskImage {
    const nodes = new Map<number, DiskNode>()
    const take = (number: number): void => {
      if (nodes.has(number)) return
      const { node } = this.inode(number)
      nodes.set(number, node)
      if (node.kind === 'directory') for (const entry of node.entries.values()) take(entry)
    }
    take(rootNumber)
    return new DiskImage(nodes)
  }

  /** All that is pending becomes durable. */
  syncAll(): void {
    for (const inode of this.inodes.values()) inode.sync()
  }

  /** How many bytes all files have that a name or a handle still leads to. */
  usedBytes(isOpen: (inode: Inode) => boolean): number {
    let bytes = 0
    for (const inode of this.inodes.values()) {
      const { node, links } = inode
      if (node.kind === 'file' && (links > 0 || isOpen(inode))) bytes += node.content.size
    }
    return bytes
  }

  #release(directory: Inode, name: string): void {
    if (directory.node.kind !== 'directory') return
    const number = directory.node.entries.get(name)
    if (number === undefined) return
    const inode = this.inode(number)
    inode.links -= 1
    if (inode.links === 0) this.#freed.push(inode)
  }

  /** The first file that is written next gets the blocks of those that were removed. */
  #reuse(writer: Inode): void {
    for (const inode of this.#freed) if (inode !== writer) inode.isReused = true
    this.#freed = this.#freed.filter((inode) => inode === writer)
  }
}
