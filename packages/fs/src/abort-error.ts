/** What a call ends with when its signal is aborted: `code` is ABORT_ERR, `cause` the signal's reason. */
export class AbortError extends Error {
  readonly code = 'ABORT_ERR'

  constructor(signal: AbortSignal) {
    super('The operation was aborted', { cause: signal.reason })
    this.name = 'AbortError'
  }
}

/** Throws AbortError when `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError(signal)
}

/**
 * Settles as `promise` does, or rejects with AbortError as soon as `signal` is aborted. The promise
 * is always handled, so what it does afterwards raises nothing.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AbortError(signal))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
