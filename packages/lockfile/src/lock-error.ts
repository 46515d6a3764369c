import { HoldfastError, type Holder } from '@holdfast/core'
import { hasCode, isNoSpace, type Liveness } from '@holdfast/fs'
import type { LockPlace } from './lock-place.ts'
import type { TicketName } from './ticket-name.ts'

/** Who has a state to itself, so that nobody else may write it. */
export interface Refusal {
  readonly ticket: TicketName
  /** Null where its record cannot be read. */
  readonly holder: Holder | null
  readonly liveness: Liveness
}

/** `LOCKED`: another process, or another handle of this one, has the state to itself. */
export function lockedError(
  { name, location, context }: LockPlace,
  { ticket, holder, liveness }: Refusal,
  committed?: false,
): HoldfastError {
  const { pid } = ticket.instance
  const who =
    holder === null
      ? `pid ${pid}, which did not say more`
      : `pid ${pid} on ${holder.host}, since ${holder.since} (${ageOf(holder, context.environment.now())}), ` +
        `started as: ${holder.command}`
  const message =
    `The state ${JSON.stringify(name)} in ${location} is locked: a process has it to itself, ${who}. ` +
    `${conditions[liveness]} Nothing was changed. Stop that process first, or wait for it with the option wait.`
  return new HoldfastError('LOCKED', message, {
    state: name,
    ...(holder === null ? {} : { holder }),
    ...(committed === undefined ? {} : { committed }),
  })
}

const conditions: Readonly<Record<Liveness, string>> = {
  alive: 'It is running.',
  stopped: 'It is stopped, and will be passed over when it stays so.',
  dead: 'It has ended just now.',
  unknown:
    'Whether it is running cannot be seen from here; when it falls silent it is passed over.',
}

function ageOf({ since }: Holder, nowMs: number): string {
  return `${((nowMs - Date.parse(since)) / 1000).toFixed(1)} s ago`
}

/** `OWNERSHIP_LOST`: another process has taken over the state that this one had to itself. */
export function ownershipLostError(
  { name, location }: LockPlace,
  reason: string,
  cause?: unknown,
): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} in ${location} is not this process's own any more: ${reason}. ` +
    'Nothing more is written from here. Stop what acts on it, and open it again to go on.'
  return new HoldfastError('OWNERSHIP_LOST', message, { state: name, cause, committed: false })
}

/** `IO`: what stands in the place of the lock is not a lock. */
export function strangerError({ name, held }: LockPlace, path: string): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} cannot be locked: ${path} is in the way, which no lock has in it. ` +
    `Move it away, so that ${held} is empty or gone.`
  return new HoldfastError('IO', message, { state: name })
}

/** What the system refused while the lock was worked on, as `NO_SPACE` or `IO`; ours as they are. */
export function lockFailure(
  error: unknown,
  { name, home }: LockPlace,
  committed?: false,
): HoldfastError {
  if (HoldfastError.is(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  const remedy = isNoSpace(error)
    ? 'Free some space.'
    : hasCode(error, 'EACCES', 'EPERM', 'EROFS')
      ? `Give this user the right to write ${home} and the directory that it is in.`
      : `Look at ${home} and the disk that it is on.`
  const message = `The state ${JSON.stringify(name)} could not be locked: ${text}. Nothing was changed. ${remedy}`
  const code = isNoSpace(error) ? 'NO_SPACE' : 'IO'
  const options = { state: name, cause: error }
  return new HoldfastError(
    code,
    message,
    committed === undefined ? options : { ...options, committed },
  )
}
