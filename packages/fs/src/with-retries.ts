import { AbortError, throwIfAborted } from './abort-error.ts'
import { systemFileEnvironment } from './environment.ts'
import type { FileEnvironment } from './environment.ts'
import { events } from './events.ts'
import type { MaybePromise } from './file-system.ts'
import { codeOf } from './system-error.ts'

/** How long passing errors are borne. */
export interface RetryBudget {
  /** How long to go on after the first failure; 10 s when left out. */
  readonly budgetMs?: number | undefined
  /** Ends the waiting with AbortError. */
  readonly signal?: AbortSignal | undefined
  readonly environment?: FileEnvironment | undefined
}

/** What is tried again, and for how long. */
export interface RetryOptions extends RetryBudget {
  /** Which errors may pass by themselves; every other one ends it at once. */
  readonly isTransient: (error: unknown) => boolean
  /** What the operation works on, for the event. */
  readonly path: string
  /** What it calls, for the event. */
  readonly syscall: string
}

const firstDelayMs = 10
const longestDelayMs = 1000

/**
 * Calls `operation` until it succeeds, fails with an error that is not transient, or the budget is
 * used up; then the last error is thrown as it is. Waits grow exponentially, with jitter, so that
 * those who wait for one thing do not come back in step. Each wait is told on `holdfast:retry`.
 * @throws AbortError before the first call, or while waiting.
 */
export async function withRetries<T>(
  operation: () => MaybePromise<T>,
  options: RetryOptions,
): Promise<T> {
  const { isTransient, path, syscall, signal, budgetMs = 10_000 } = options
  const environment = options.environment ?? systemFileEnvironment
  let deadlineMs: number | undefined
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal)
    try {
      return await operation()
    } catch (error) {
      if (!isTransient(error)) throw error
      const nowMs = environment.monotonicMs()
      deadlineMs ??= nowMs + budgetMs
      if (nowMs >= deadlineMs) throw error
      const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1))
      const delayMs = Math.min((0.5 + environment.random() / 2) * ceilingMs, deadlineMs - nowMs)
      events.retry({ path, syscall, code: codeOf(error), attempt, delayMs })
      await pause(environment, delayMs, signal)
    }
  }
}

async function pause(
  environment: FileEnvironment,
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await environment.sleep(delayMs, signal)
  } catch (error) {
    throw signal?.aborted ? new AbortError(signal) : error
  }
}
