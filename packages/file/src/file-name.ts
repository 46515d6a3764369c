import { HoldfastError } from '@holdfast/core'
import { decodeEntryName, encodeEntryName, EntryNameError } from '@holdfast/fs'

const extension = '.json'

/**
 * Room for the longest name that is derived from a state's file without being cut: the quarantine's
 * (`.corrupt-<time>-<random>`, 34 bytes) and the lock's with those of its breakers.
 */
const reservedBytes = 56

/**
 * The file that a state of this name is kept in. No two names share a file.
 * @throws HoldfastError `INVALID` for an empty name, a lone surrogate, or a name that is too long.
 */
export function encodeFileName(name: string): string {
  try {
    return encodeEntryName(name, extension, reservedBytes)
  } catch (error) {
    if (!(error instanceof EntryNameError)) throw error
    const message = `${JSON.stringify(name)} cannot be the name of a state in a file: ${error.message}. Choose another name.`
    throw new HoldfastError('INVALID', message, { state: name })
  }
}

/** The state that `file` keeps, or null where `encodeFileName` gives no such name. */
export function decodeFileName(file: string): string | null {
  return decodeEntryName(file, extension, reservedBytes)
}
