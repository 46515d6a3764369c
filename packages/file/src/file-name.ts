import { HoldfastError } from '@holdfast/core'

const extension = '.json'
const maxNameBytes = 255

/**
 * Room for the longest name that is derived from a state's file without being cut: the quarantine's
 * (`.corrupt-<time>-<random>`, 34 bytes) and the lock's with those of its breakers.
 */
const reservedBytes = 56

/**
 * What some file system, shell or directory listing cannot hold, or shows as something else: control
 * characters, separators, the characters that Windows refuses, line separators, and the invisible
 * ones that reorder or join text. But for Cc, which can never change, it is spelled out: the other
 * categories differ from one Node version to the next, and an upgrade must not lose a state.
 */
const unsafe = /[\p{Cc}/\\:*?"<>|%\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu
const trailing = /[. ]$/u
/** Windows keeps these for devices, whatever extension follows (learn.microsoft.com, "Naming Files"). */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=[. ]*(?:\.|$))/iu

/**
 * The file that a state of this name is kept in: the name itself where that is safe everywhere,
 * anything else percent-encoded by UTF-8 byte, then `.json`. No two names share a file.
 * @throws HoldfastError `INVALID` for an empty name, a lone surrogate, or a name that is too long.
 */
export function encodeFileName(name: string): string {
  if (name === '') throw refusal(name, 'it is empty')
  if (/\p{Surrogate}/u.test(name)) {
    throw refusal(name, 'it holds half of a surrogate pair, which UTF-8 has no bytes for')
  }
  const file = `${encodeStem(name)}${extension}`
  const limit = maxNameBytes - reservedBytes
  const bytes = Buffer.byteLength(file)
  if (bytes > limit) {
    throw refusal(name, `as a file name it takes ${bytes} bytes, and ${limit} is the most`)
  }
  return file
}

/** The state that `file` keeps, or null where `encodeFileName` gives no such name. */
export function decodeFileName(file: string): string | null {
  if (!file.endsWith(extension)) return null
  try {
    const name = decodeURIComponent(file.slice(0, -extension.length))
    return encodeFileName(name) === file ? name : null
  } catch (error) {
    if (error instanceof URIError || HoldfastError.is(error, 'INVALID')) return null
    throw error
  }
}

function encodeStem(name: string): string {
  return name
    .replace(unsafe, percentEncoded)
    .replace(trailing, percentEncoded)
    .replace(device, (found) => percentEncoded(found.slice(0, 1)) + found.slice(1))
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}

function refusal(name: string, reason: string): HoldfastError {
  const message = `${JSON.stringify(name)} cannot be the name of a state in a file: ${reason}. Choose another name.`
  return new HoldfastError('INVALID', message, { state: name })
}
