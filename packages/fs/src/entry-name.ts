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

/** Why a text cannot be made the name of a directory entry; the message says it. */
export class EntryNameError extends Error {
  override readonly name = 'EntryNameError'
}

/**
 * The name of a directory entry for any `text`: the text itself where that is safe on every file
 * system, what is not percent-encoded by UTF-8 byte, then `extension`. No two texts share one.
 * @param reservedBytes What has to be left of the 255 bytes for names that are derived from this one.
 * @throws EntryNameError for an empty text, a lone surrogate, or a text that is too long.
 */
export function encodeEntryName(text: string, extension: string, reservedBytes = 0): string {
  if (text === '') throw new EntryNameError('it is empty')
  if (/\p{Surrogate}/u.test(text)) {
    throw new EntryNameError('it holds half of a surrogate pair, which UTF-8 has no bytes for')
  }
  const entry = `${encodeStem(text)}${extension}`
  const limit = maxNameBytes - reservedBytes
  const bytes = Buffer.byteLength(entry)
  if (bytes <= limit) return entry
  throw new EntryNameError(`on disk it takes ${bytes} bytes, and ${limit} is the most`)
}

/** The text that `entry` stands for, or null where `encodeEntryName` gives no such name. */
export function decodeEntryName(
  entry: string,
  extension: string,
  reservedBytes = 0,
): string | null {
  if (!entry.endsWith(extension)) return null
  try {
    const text = decodeURIComponent(entry.slice(0, -extension.length))
    return encodeEntryName(text, extension, reservedBytes) === entry ? text : null
  } catch (error) {
    if (error instanceof URIError || error instanceof EntryNameError) return null
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
