import { join } from 'node:path'
import type { LockContext } from './lock-context.ts'

/** Where one state's lock is, and in what world. */
export class LockPlace {
  /** The state. */
  readonly name: string
  /** Where the state is kept: its journal. */
  readonly location: string
  /** The directory of the lock: the queue, and `held`. It is there only while it is needed. */
  readonly home: string
  /** The lock itself: a directory that holds its holder's ticket. proper-lockfile's `lockfilePath`. */
  readonly held: string
  /** How long a holder that cannot be looked at has to be silent before it is passed over. */
  readonly staleMs: number
  readonly context: LockContext

  constructor(name: string, location: string, staleMs: number, context: LockContext) {
    this.name = name
    this.location = location
    this.home = location.replace(/\.journal$/, '.lock')
    this.held = join(this.home, 'held')
    this.staleMs = staleMs
    this.context = context
  }
}
