import { HoldfastError } from '@holdfast/core'
import { formatInstance, hasCode, isNoSpace, type Instance } from '@holdfast/fs'
import type { FoundDocument } from './read-document.ts'
import { NotAFileError } from './read-document.ts'

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
  const message = error instanceof Error ? error.message : String(error)
  const text = `The state ${JSON.stringify(name)} ${action}: ${message}. ${remedyFor(error, path, committed)}`
  const options = { state: name, cause: error }
  return new HoldfastError(
    code,
    text,
    committed === undefined ? options : { ...options, committed },
  )
}

function remedyFor(error: unknown, path: string, committed: boolean | undefined): string {
  if (committed === true) return `The change is in place in ${path}; the next one can be made.`
  const intact = committed === false ? `${path} is as it was. ` : ''
  if (error instanceof NotAFileError) return `${intact}Move it away, or choose another directory.`
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

/** `UNSUPPORTED`, because \`path\` cannot be synced, so that no commit could survive a power cut. */
export function unsupportedSyncError({ name }: Subject, path: string): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} cannot be kept with durability "power": the file system does not ` +
    `sync ${path}. Choose another disk, or accept that a power cut may lose commits with durability=process.`
  return new HoldfastError('UNSUPPORTED', message, { state: name })
}

/** `CLOSED`, for a handle on `what` that was closed. */
export function closedError(what: string, state?: string): HoldfastError {
  const message = `${what} was closed; open it again to go on.`
  return new HoldfastError('CLOSED', message, state === undefined ? {} : { state })
}

/** `NEWER_SCHEMA`, for a file in a format that only a newer program reads. */
export function newerFormatError({ name, path }: Subject, format: number): HoldfastError {
  const message =
    `The state ${JSON.stringify(name)} in ${path} is in a newer format (${format}) than this version ` +
    'of @holdfast/file reads (1). It was left as it is. Run the newer program, or move the file away.'
  return new HoldfastError('NEWER_SCHEMA', message, { state: name })
}

/** `CONFLICT`, because another process put `foreign` in the place of what was last seen. */
export function foreignChangeError(
  { name, path }: Subject,
  foreign: FoundDocument | null,
): HoldfastError {
  const state = JSON.stringify(name)
  const message = `Another program changed the state ${state} in ${path}: ${describe(foreign)}. ${oneProcess}`
  return new HoldfastError('CONFLICT', message, { state: name, committed: false })
}

/** `CONFLICT`, because another process is writing at this moment. */
export function lockHeldError({ name, path }: Subject, owner: Instance | null): HoldfastError {
  const who =
    owner === null ? 'somebody unknown' : `the process ${owner.pid} (${formatInstance(owner)})`
  const message =
    `Another program is writing the state ${JSON.stringify(name)} in ${path} at this moment: ` +
    `${who} holds the lock beside it. ${oneProcess}`
  return new HoldfastError('CONFLICT', message, { state: name, committed: false })
}

const oneProcess =
  'Nothing was overwritten. The file backend is for one process at a time: stop one of the two, or use ' +
  "a backend whose capabilities say writers 'machine'. refresh() takes the other program's state in."

function describe(foreign: FoundDocument | null): string {
  if (foreign === null) return 'it is gone'
  const { inspection } = foreign
  if (inspection.kind === 'envelope') {
    return `${inspection.writer} saved version ${inspection.version} at ${inspection.savedAt}`
  }
  const time = new Date(foreign.modifiedMs).toISOString()
  return `the writer is not known, the file was last modified at ${time}`
}
