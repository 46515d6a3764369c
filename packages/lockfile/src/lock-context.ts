import { hostname } from 'node:os'
import { journalContext, type JournalContext, type JournalContextParts } from '@holdfast/journal'

/** What the lockfile backend needs of the world; each part can be replaced. */
export interface LockContext extends JournalContext {
  /**
   * `off` leaves the lock out: nobody waits for a turn, and who opens a state for itself has it at
   * once. It is for tests, which show with it that nothing is lost without the lock either.
   */
  readonly lock: 'on' | 'off'
  /** The name of this host, for people. */
  readonly host: string
  /** How this process was started, for people. */
  readonly command: string
}

/** The parts to use instead of the real ones. */
export type LockContextParts = JournalContextParts &
  Partial<Pick<LockContext, 'lock' | 'host' | 'command'>>

const longestCommand = 512

/** The real world, with `parts` in place of its own. */
export function lockContext(parts: LockContextParts = {}): LockContext {
  const { lock = 'on', host = hostname(), command = process.argv.join(' ') } = parts
  return {
    ...journalContext({ ...parts, scheme: 'lockfile' }),
    lock,
    host,
    command: command.slice(0, longestCommand),
  }
}
