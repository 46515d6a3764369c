import { HoldfastError } from '@holdfast/core'

const extension = '.journal'
const maxNameBytes = 255

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
 * The directory that a state of this name is kept in: the name itself where that is safe everywhere,
 * anything else percent-encoded by UTF-8 byte, then `.journal`. No two names share one.
 * @throws HoldfastError `INVALID` for an empty name, a lone surrogate, or a name that is too long.
 */
export function encodeDirectoryName(name: string): string {
  if (name === '') throw refusal(name, 'it is empty')
  if (/\p{Surrogate}/u.test(name)) {
    throw refusal(name, 'it holds half of a surrogate pair, which UTF-8 has no bytes for')
  }
  const file = `${encodeStem(name)}${extension}`
  const bytes = Buffer.byteLength(file)
  if (bytes > maxNameBytes) {
    throw refusal(
      name,
      `as the name of a directory it takes ${bytes} bytes, and ${maxNameBytes} is the most`,
    )
  }
  return file
}

/** The state that the directory `file` keeps, or null where `encodeDirectoryName` gives no such name. */
export function decodeDirectoryName(file: string): string | null {
  if (!file.endsWith(extension)) return null
  try {
    const name = decodeURIComponent(file.slice(0, -extension.length))
    return encodeDirectoryName(name) === file ? name : null
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
  const message = `${JSON.stringify(name)} cannot be the name of a state in a directory: ${reason}. Choose another name.`
  return new HoldfastError('INVALID', message, { state: name })
}
