import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { formatInstance, parseInstance } from './instance.ts'
import type { Instance } from './instance.ts'

const maxNameBytes = 255
const maxInstanceBytes = 64
const tokenDigits = 32
const longestSuffix = '.partial'
/** What is left for the base after the dots, the instance, the randomness and the suffix. */
const maxBaseBytes =
  maxNameBytes - '...'.length - maxInstanceBytes - tokenDigits - longestSuffix.length

/**
 * `.<base>.<instance>.<token>.tmp`: at most 255 bytes, hidden, and never with the extension of the
 * data, so that nothing that looks for data files picks it up. A base that is too long is cut, and
 * then carries a hash of the whole; the token never is.
 * @param token 32 hexadecimal digits.
 */
export function temporaryName(base: string, instance: Instance, token: string): string {
  return `.${shortened(base)}.${formatInstance(instance)}.${token}${suffixFor(base)}`
}

/** The instance that made `name` as a temporary for `base`, or null where it is no such name. */
export function parseTemporaryName(base: string, name: string): Instance | null {
  const prefix = `.${shortened(base)}.`
  const suffix = suffixFor(base)
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return null
  const parts = name.slice(prefix.length, -suffix.length).split('.')
  const [instance, token] = parts
  if (parts.length !== 2 || instance === undefined || token === undefined) return null
  return /^[\da-f]{32}$/.test(token) ? parseInstance(instance) : null
}

function suffixFor(base: string): string {
  return extname(base).toLowerCase() === '.tmp' ? longestSuffix : '.tmp'
}

function shortened(base: string): string {
  if (Buffer.byteLength(base) <= maxBaseBytes) return base
  const hash = `~${createHash('sha256').update(base).digest('hex').slice(0, 12)}`
  let cut = ''
  let bytes = hash.length
  for (const character of base) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBaseBytes) break
    cut += character
  }
  return cut + hash
}
