import { checksumOf } from './envelope.ts'

/** What an envelope with a checksum says of its document. */
export interface Sealed {
  readonly version: number
  readonly schema: number
  readonly savedAt: string | null
  readonly writer: string | null
  /** Null where the document was accepted without one. */
  readonly checksum: string | null
}

/**
 * Tells a file that was only touched, or put back as it was, from one with other content: by the
 * envelope where its checksum holds, which saves a second pass over the bytes, else by all bytes.
 */
export function fingerprintOf(bytes: Uint8Array, sealed: Sealed | null): string {
  if (sealed === null || sealed.checksum === null) return `${bytes.length} ${checksumOf(bytes)}`
  const { version, schema, savedAt, writer, checksum } = sealed
  return JSON.stringify([bytes.length, version, schema, savedAt, writer, checksum])
}
