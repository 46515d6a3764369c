import { changed, type Change, type DiskNode } from './disk-node.ts'

/** A change that a disk may not have got yet. */
export interface PendingChange {
  readonly change: Change
  /** Counts all changes of one file system; by it a replay names them. */
  readonly id: number
  /** The call that made it, for people. */
  readonly cause: string
  readonly modifiedUs: number
  /**
   * `lost`: a sync of it failed. The kernel may have marked the page clean, so that no later sync
   * writes it (fsyncgate; Rebello et al., ATC 2020), or it may be on the disk all the same.
   */
  state: 'pending' | 'durable' | 'lost'
}

/** A file, directory or link: what processes see of it, and what the disk is known to have. */
export class Inode {
  readonly number: number
  /** What processes see. */
  node: DiskNode
  /** How many names it has. */
  links = 0
  /** For a directory the one that it stands in; for `..`. */
  parent: number
  /** What is on the disk for certain, before `changes`. */
  base: DiskNode
  /** What came since, oldest first. */
  changes: PendingChange[] = []
  /** Its blocks were given to another file before the disk knew that it is gone. */
  isReused = false
  /** How many syncs of it have failed. */
  failedSyncs = 0

  constructor(number: number, node: DiskNode, parent: number) {
    this.number = number
    this.node = node
    this.base = node
    this.parent = parent
  }

  /** Makes `change`, for processes; for the disk it is pending. */
  change(pending: PendingChange): void {
    this.node = changed(this.node, pending.change, pending.modifiedUs)
    this.changes.push(pending)
  }

  /** Makes those pending changes durable that `isIncluded`. */
  sync(isIncluded: (pending: PendingChange) => boolean = () => true): void {
    for (const pending of this.changes) {
      if (pending.state === 'pending' && isIncluded(pending)) pending.state = 'durable'
    }
    this.#settle()
  }

  /** A sync failed: what was pending is clean, and durable or not. */
  failSync(): void {
    this.failedSyncs += 1
    for (const pending of this.changes) {
      if (pending.state === 'pending') pending.state = 'lost'
    }
  }

  /** Takes what is durable at the start of `changes` into `base`. */
  #settle(): void {
    const count = this.changes.findIndex(({ state }) => state !== 'durable')
    const settled = this.changes.splice(0, count < 0 ? this.changes.length : count)
    for (const { change, modifiedUs } of settled) {
      this.base = changed(this.base, change, modifiedUs)
    }
  }
}
