import { HoldfastError } from '@holdfast/core'
import { decodeEntryName, encodeEntryName, EntryNameError } from '@holdfast/fs'

const extension = '.journal'

/**
 * The directory that a state of this name is kept in. No two names share one.
 * @throws HoldfastError `INVALID` for an empty name, a lone surrogate, or a name that is too long.
 */
export function encodeDirectoryName(name: string): string {
  try {
    return encodeEntryName(name, extension)
  } catch (error) {
    if (!(error instanceof EntryNameError)) throw error
    const message = `${JSON.stringify(name)} cannot be the name of a state in a directory: ${error.message}. Choose another name.`
    throw new HoldfastError('INVALID', message, { state: name })
  }
}

/** The state that the directory `file` keeps, or null where `encodeDirectoryName` gives no such name. */
export function decodeDirectoryName(file: string): string | null {
  return decodeEntryName(file, extension)
}
