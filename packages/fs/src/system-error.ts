import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

const errnos = new Map([...getSystemErrorMap()].map(([errno, [code]]) => [code, errno]))

/** An error with the fields of Node's own system errors: `code`, `errno`, `syscall`, `path`. */
export function systemError(
  code: string,
  syscall: string,
  path: string,
  explanation: string,
): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${code}: ${explanation}, ${syscall} '${path}'`)
  error.code = code
  error.syscall = syscall
  error.path = path
  const errno = errnos.get(code)
  if (errno !== undefined) error.errno = errno
  return error
}

/**
 * Whether `error` is the system error `code`, told by its code or by its number: Node names only the
 * errors that libuv knows, and calls EDQUOT, for one, "Unknown system error -122".
 */
export function hasCode(error: unknown, ...codes: readonly SystemErrorCode[]): boolean {
  if (!(error instanceof Error)) return false
  const { code, errno }: NodeJS.ErrnoException = error
  return codes.some(
    (wanted) => code === wanted || (errno !== undefined && errno < 0 && errno === numberOf(wanted)),
  )
}

/** Whether the system refused for want of room: disk full, quota used up, file size limit reached. */
export function isNoSpace(error: unknown): boolean {
  return hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')
}

/**
 * Whether an fsync failed because this file system does not have it (some FUSE, network and synced
 * folders), as opposed to having tried and failed.
 */
export function isUnsupportedSync(error: unknown): boolean {
  return hasCode(error, 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')
}

/** The code of a system error, or its message where it has none: for events. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code }: NodeJS.ErrnoException = error
  return code ?? error.message
}

type SystemErrorCode = keyof typeof constants.errno

function numberOf(code: SystemErrorCode): number | undefined {
  const libuv = errnos.get(code)
  if (libuv !== undefined) return libuv
  const native: number | undefined = constants.errno[code]
  return native === undefined ? undefined : -native
}
