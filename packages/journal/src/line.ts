import { crc32 } from 'node:zlib'

/** `,"crc":"xxxxxxxx"}`: what every line ends in, before its newline. */
const sealBytes = 18
const sealStart = ',"crc":"'

/**
 * The line of a record: `text` is its JSON object, to which the checksum is added as the last member.
 * The bytes end in a newline.
 */
export function encodeLine(text: string): Buffer {
  const body = text.slice(0, -1)
  return Buffer.from(`${body}${sealOf(body)}\n`)
}

/**
 * Whether `line`, without its newline, is whole: it ends exactly in a checksum, and the checksum is
 * that of the bytes before. A line that anything stands behind, were it a space, is not.
 */
export function isWholeLine(line: Buffer): boolean {
  const bodyBytes = line.length - sealBytes
  if (bodyBytes < 1) return false
  const end = line.toString('latin1', bodyBytes)
  // First what costs nothing: rubbish may be long, and hold many beginnings of a record.
  return end.startsWith(sealStart) && end === sealOf(line.subarray(0, bodyBytes))
}

/** What a line ends in that begins with `body`. */
function sealOf(body: string | Uint8Array): string {
  return `${sealStart}${crc32(body).toString(16).padStart(8, '0')}"}`
}

/** The JSON text of a whole line without its checksum. */
export function bodyOf(line: Buffer): string {
  return `${line.toString('utf8', 0, line.length - sealBytes)}}`
}

/**
 * What an append begins with where the file ends in a piece of a line. The space comes first: a line
 * that was written whole but for its newline, and whose writer was told that it failed, would
 * otherwise begin to count with the newline of another.
 */
export const tornLineEnd: Buffer = Buffer.from(' \n')
