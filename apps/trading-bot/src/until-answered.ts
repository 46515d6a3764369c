import { setTimeout } from 'node:timers/promises'
import { BotError } from './bot-error.ts'

/** How long the exchange may stay away. */
export interface Patience {
  /** From the first time that there is no answer. */
  readonly limitMs: number
  /** Between one question and the next. */
  readonly pauseMs: number
  readonly signal: AbortSignal
}

/**
 * Asks until there is an answer: `ask` gives undefined, or an error that `isSilence` knows, while
 * there is none.
 * @throws BotError when that takes longer than `limitMs`; the signal's reason; what else `ask` throws.
 */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  isSilence: (error: unknown) => boolean,
  { limitMs, pauseMs, signal }: Patience,
): Promise<Answer> {
  const givenUpAt = performance.now() + limitMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      if (!isSilence(error)) throw error
      if (performance.now() > givenUpAt) throw gaveUp(error, limitMs)
    }
    await setTimeout(pauseMs, undefined, { signal })
  }
}

function gaveUp(error: unknown, limitMs: number): BotError {
  const reason = error instanceof Error ? error.message : String(error)
  return new BotError(
    'exchange',
    `the exchange gave no answer for ${limitMs / 1000} s. ${reason}. What was sent and not answered ` +
      'stays recorded as open, and is asked for first when the bot is run again.',
    { cause: error },
  )
}
