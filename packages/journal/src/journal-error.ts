import { HoldfastError } from '@holdfast/core'
import { hasCode, isNoSpace } from '@holdfast/fs'
import type { EpochDamage } from './epoch-replay.ts'

/** Which state an error is about, and where it is kept. */
export interface Subject {
  readonly name: string
  readonly path: string
}

/**
 * `error` as a HoldfastError: one of ours as it is but for `committed`, a system error as `NO_SPACE` or
 * `IO` with itself as cause. `action` is what went wrong, as in "could not be read".
 */
export function systemFailure(
  error: unknown,
  { name, path }: Subject,
  action: string,
  committed?: boolean,
): HoldfastError {
  if (HoldfastError.is(error)) return withCommitted(error, committed)
  const code = isNoSpace(error) ? 'NO_SPACE' : 'IO'
  const text = `The state ${JSON.stringify(name)} ${action}: ${messageOf(error)}. ${remedyFor(error, path, committed)}`
  const options = { state: name, cause: error }
  return new HoldfastError(
    code,
    text,
    committed === undefined ? options : { ...options, committed },
  )
}

function remedyFor(error: unknown, path: string, committed: boolean | undefined): string {
  const intact = committed === false ? `Nothing of the change counts in ${path}. ` : ''
  if (isNoSpace(error)) return `${intact}Free some space, or raise the quota or file size limit.`
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return `${intact}Give this user the right to read and write ${path} and its directory.`
  }
  if (hasCode(error, 'ENAMETOOLONG')) return `${intact}Choose a shorter directory or name.`
  return `${intact}Look at ${path} and the disk that it is on, then try again.`
}

function withCommitted(error: HoldfastError, committed: boolean | undefined): HoldfastError {
  if (committed === undefined || error.committed !== undefined) return error
  const { code, message, cause, issues } = error
  const state = error.state === undefined ? {} : { state: error.state }
  return new HoldfastError(code, message, { ...state, cause, issues, committed })
}

/** `OUTCOME_UNKNOWN`: the append, or what should have made it durable, failed. */
export function unknownOutcome({ name, path }: Subject, cause: unknown): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} in ${path} has perhaps taken a change, and perhaps lost it: ` +
    `${messageOf(cause)}. Read the state again: that writes what is there to a new file first. Look at the disk.`
  return new HoldfastError('OUTCOME_UNKNOWN', message, { state: name, cause, committed: 'unknown' })
}

/** `UNSUPPORTED`, because \`path\` cannot be synced, so that no commit could survive a power cut. */
export function unsupportedSyncError({ name }: Subject, path: string): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} cannot be kept with durability "power": the file system does not ` +
    `sync ${path}. Choose another disk, or accept that a power cut may lose commits with durability=process.`
  return new HoldfastError('UNSUPPORTED', message, { state: name })
}

/** `UNSUPPORTED`, because a journal's next file cannot be put in place exclusively. */
export function unsupportedLinkError({ name, path }: Subject, cause: unknown): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} cannot be kept in ${path}: its file system has no hard links ` +
    `(${messageOf(cause)}), and a journal needs them. Choose another disk, or the file backend.`
  return new HoldfastError('UNSUPPORTED', message, { state: name, cause })
}

/** `CLOSED`, for a handle on `what` that was closed. */
export function closedError(what: string, state?: string): HoldfastError {
  const message = `${what} was closed; open it again to go on.`
  return new HoldfastError('CLOSED', message, state === undefined ? {} : { state })
}

/** `CORRUPT`, or `NEWER_SCHEMA` where a newer program wrote what is refused. */
export function damageError({ name, path }: Subject, damage: EpochDamage): HoldfastError {
  const state = JSON.stringify(name)
  const what = `${path}: ${damageText(damage)}`
  if (damage.kind === 'newer') {
    const message =
      `The state ${state} was written by a newer version of @holdfast/journal: ${what}. ` +
      'It was left as it is. Run the newer program, or move the journal away.'
    return new HoldfastError('NEWER_SCHEMA', message, { state: name })
  }
  const message =
    `The state ${state} is damaged: ${what}. Nothing was changed. To go on from the newest version ` +
    "that verifies, open with onCorrupt: 'previous'; or put a copy of the directory from a backup in its place."
  return new HoldfastError('CORRUPT', message, { state: name })
}

/** The reason with its place, for people. */
export function damageText({ reason, offset }: EpochDamage): string {
  return `${reason} (at byte ${offset})`
}

/** `OWNERSHIP_LOST`: only `owner` may write; null where this writer was the owner, and is not any more. */
export function notOwnerError({ name, path }: Subject, owner: string | null): HoldfastError {
  const message =
    owner === null
      ? `The state ${JSON.stringify(name)} in ${path} was taken from this writer, and belongs to nobody now. ` +
        'Nothing was changed. Open the state again to go on.'
      : `The state ${JSON.stringify(name)} in ${path} belongs to ${owner}, and nobody else may write it. ` +
        'Nothing was changed. Stop that program, or take the state over from it.'
  return new HoldfastError('OWNERSHIP_LOST', message, { state: name, committed: false })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
