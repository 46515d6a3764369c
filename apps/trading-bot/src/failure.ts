import { inspect } from 'node:util'
import { HoldfastError } from '@holdfast/core'
import { BotError, type BotErrorKind } from './bot-error.ts'
import { ChildFailure } from './child-failure.ts'

/** How the bot ends when something failed. */
export interface Failure {
  /**
   * 1 an error in the program itself, 2 options or candles, 3 the state, 4 another process holds the
   * state, 5 the exchange.
   */
  readonly exitCode: number
  /** What to print on stderr; with a stack only for debugging. */
  readonly message: string
}

const exitCodes: Readonly<Record<BotErrorKind, number>> = {
  usage: 2,
  candles: 2,
  state: 3,
  exchange: 5,
}

/** Puts an error into words for people, and gives it an exit code. */
export function failure(error: unknown, isDebug: boolean): Failure {
  // Closing failed as well, most likely of the same: what failed first is what to tell.
  if (error instanceof SuppressedError) return failure(error.suppressed, isDebug)
  const stack = isDebug ? `\n${inspect(error)}` : ''
  if (error instanceof BotError) {
    return { exitCode: exitCodes[error.kind], message: `error: ${error.message}${stack}` }
  }
  if (HoldfastError.is(error)) {
    const exitCode = error.code === 'LOCKED' ? 4 : 3
    return { exitCode, message: `error: ${error.code}: ${error.message}${stack}` }
  }
  if (error instanceof ChildFailure) {
    return { exitCode: error.exitCode, message: `error: ${error.message}${stack}` }
  }
  const reason = error instanceof Error ? error.message : String(error)
  const hint = isDebug ? '' : ' (--debug shows where)'
  return { exitCode: 1, message: `error: internal: ${reason}${hint}${stack}` }
}
