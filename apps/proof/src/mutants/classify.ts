import { HoldfastError } from '@holdfast/core'

/**
 * What kind of failure an error tells of: `empty`, `zeros` or `torn` where bytes are damaged, `gap` where
 * a record is missing between others, else the word that a check's message begins with.
 */
export function classify(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (HoldfastError.is(error, 'CORRUPT') || message.startsWith('damage:')) {
    if (message.includes('is empty')) return 'empty'
    if (message.includes('NUL')) return 'zeros'
    if (message.includes('builds on version')) return 'gap'
    return message.includes(' is gone') ? 'missing' : 'torn'
  }
  return /^([a-z]+): /.exec(message)?.[1] ?? `other (${message})`
}
