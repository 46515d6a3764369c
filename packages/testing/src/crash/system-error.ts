import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { hasCode } from '@holdfast/fs'

const known = new Map(
  [...getSystemErrorMap()].map(([errno, [code, text]]) => [code, { errno, text }]),
)
const numbers: Readonly<Record<string, number | undefined>> = constants.errno

/**
 * The error that Node would throw: `code`, `errno`, `syscall`, `path`, `dest`, and its message. What
 * libuv has no name for, EDQUOT for one, Node calls "Unknown system error" with its number.
 */
export function systemError(
  name: string,
  syscall: string,
  path: string,
  destination?: string,
): NodeJS.ErrnoException {
  const errno = known.get(name)?.errno ?? -(numbers[name] ?? 0)
  const code = known.has(name) ? name : `Unknown system error ${errno}`
  const text = known.get(name)?.text ?? code
  const where = destination === undefined ? `'${path}'` : `'${path}' -> '${destination}'`
  const error: NodeJS.ErrnoException & { dest?: string } = new Error(
    `${code}: ${text}, ${syscall} ${where}`,
  )
  Object.assign(error, { errno, code, syscall, path })
  if (destination !== undefined) error.dest = destination
  return error
}

/** What `look` gives; null where there is no such name. */
export function nullIfMissing<Found>(look: () => Found): Found | null {
  try {
    return look()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}
