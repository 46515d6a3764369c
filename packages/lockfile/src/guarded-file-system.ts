import { callbackify } from 'node:util'
import type { Ticket } from './ticket.ts'
import type { HolderObserver } from './holder-observer.ts'
import { removeHolder } from './queue.ts'
import type { LockPlace } from './lock-place.ts'

type Callback<Result> = (error: NodeJS.ErrnoException | null, result: Result) => void

/** The calls that proper-lockfile makes through its `fs` option. */
export interface ProperLockfileFileSystem {
  mkdir(path: string, callback: Callback<void>): void
  stat(path: string, callback: Callback<{ mtime: Date }>): void
  utimes(path: string, accessed: Date, modified: Date, callback: Callback<void>): void
  rmdir(path: string, callback: Callback<void>): void
  rmdirSync(path: string): void
}

const [longAgo, neverStale] = [new Date(0), new Date(8.64e15)]

/**
 * What proper-lockfile takes for the file system: its mkdir takes the lock with `ticket` in it, its
 * rmdir and utimes touch that ticket and no other, and its question how old another's lock is gets
 * the answer of `observer`, who knows more than a time of modification: whether the holder is alive.
 * So none of its calls can hit another's lock, however late it comes, and clocks decide nothing.
 */
export function guardedFileSystem(
  place: LockPlace,
  ticket: Ticket,
  observer: HolderObserver,
): ProperLockfileFileSystem {
  // What it has set, not what the file system made of it: some keep whole seconds.
  let modified = longAgo
  return {
    mkdir: (_, callback) =>
      callbackify(async () => {
        if (!(await ticket.seize())) throw Object.assign(new Error('held'), { code: 'EEXIST' })
      })(callback),
    stat: (_, callback) =>
      callbackify(async () => {
        if (await ticket.isHeld()) return { mtime: modified }
        const { kind } = await observer.look()
        if (kind === 'free') throw Object.assign(new Error('free'), { code: 'ENOENT' })
        return { mtime: kind === 'gone' ? longAgo : neverStale }
      })(callback),
    utimes: (_, __, time, callback) =>
      callbackify(async () => {
        // The first one is proper-lockfile's trial of the file system, right after its mkdir. A turn is
        // over before anybody asks since when.
        if (modified !== longAgo) await ticket.beat()
        else if (ticket.name.kind === 'exclusive') await ticket.begin()
        modified = time
      })(callback),
    rmdir: (_, callback) =>
      callbackify(async () => {
        if (await ticket.release()) return
        const { verdict } = observer
        if (verdict.kind === 'gone') await removeHolder(place, verdict.holder)
      })(callback),
    // At the end of the process: a lock whose holder is gone is passed over at once.
    rmdirSync: () => undefined,
  }
}
