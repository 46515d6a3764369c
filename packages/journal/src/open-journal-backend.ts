import { resolve } from 'node:path'
import { HoldfastError } from '@holdfast/core'
import { hasCode } from '@holdfast/fs'
import { z } from 'zod'
import { JournalBackend } from './journal-backend.ts'
import { journalContext, type JournalContextParts } from './journal-context.ts'
import { journalOptions, type JournalOptions } from './journal-options.ts'

/**
 * Opens a directory of journals. Creates and writes nothing; a directory that does not exist is
 * created by the first commit. A relative directory is taken from where the process is now: later
 * changes of the working directory have no effect.
 * @throws HoldfastError `CONFIG` for options that are not as they should be, and for a directory that is
 * none, or that is missing although `createDirectory` is false; `IO` where it cannot be reached.
 */
export async function openJournalBackend(
  options: JournalOptions,
  parts: JournalContextParts = {},
): Promise<JournalBackend> {
  const context = journalContext(parts)
  const { scheme } = context
  const checked = journalOptions.safeParse(options)
  if (!checked.success) {
    const text = `The options of the ${scheme} backend are wrong: ${z.prettifyError(checked.error)}`
    throw new HoldfastError('CONFIG', text, { cause: checked.error })
  }
  const directory = resolve(checked.data.directory)
  try {
    const { kind } = await context.fileSystem.stat(directory)
    if (kind !== 'directory') throw refusal(scheme, `${directory} is not a directory`)
  } catch (error) {
    if (HoldfastError.is(error)) throw error
    if (hasCode(error, 'ENOTDIR')) {
      throw refusal(scheme, `a part of ${directory} is not a directory`, error)
    }
    if (!hasCode(error, 'ENOENT')) {
      const message = error instanceof Error ? error.message : String(error)
      const text = `The directory ${directory} cannot be reached: ${message}. Check the path, and the right to search it.`
      throw new HoldfastError('IO', text, { cause: error })
    }
    if (!checked.data.createDirectory) {
      throw refusal(scheme, `${directory} does not exist, and createDirectory is false`, error)
    }
  }
  return new JournalBackend(directory, checked.data, context)
}

function refusal(scheme: string, reason: string, cause?: unknown): HoldfastError {
  const message = `The ${scheme} backend cannot be opened: ${reason}. Name another directory, or make this one.`
  return new HoldfastError('CONFIG', message, { cause })
}
