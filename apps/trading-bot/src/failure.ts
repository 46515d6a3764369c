import { inspect } from 'node:util'
import { HoldfastError } from '@holdfast/core'
import { BotError } from './bot-error.ts'

/** How the bot ends when something failed. */
export interface Failure {
  /** 1 an error in the bot itself, 2 options or candles, 3 the state. */
  readonly exitCode: 1 | 2 | 3
  /** What to print on stderr; with a stack only for debugging. */
  readonly message: string
}

/** Puts an error into words for people, and gives it an exit code. */
export function failure(error: unknown, isDebug: boolean): Failure {
  // Closing failed as well, most likely of the same: what failed first is what to tell.
  if (error instanceof SuppressedError) return failure(error.suppressed, isDebug)
  const stack = isDebug ? `\n${inspect(error)}` : ''
  if (error instanceof BotError) {
    return { exitCode: error.kind === 'state' ? 3 : 2, message: `error: ${error.message}${stack}` }
  }
  if (HoldfastError.is(error)) {
    return { exitCode: 3, message: `error: ${error.code}: ${error.message}${stack}` }
  }
  const reason = error instanceof Error ? error.message : String(error)
  const hint = isDebug ? '' : ' (--debug shows where)'
  return { exitCode: 1, message: `error: internal: ${reason}${hint}${stack}` }
}
