import type { Environment } from '../environment.ts'

/** What limits a call to the outside. */
export interface CallLimits {
  /** No limit where it is infinite. */
  readonly timeoutMs: number
  /** Each ends the call, with its reason. */
  readonly signals: readonly AbortSignal[]
  readonly environment: Environment
}

/**
 * Calls `call` and gives its answer, unless the time is over before. Then its signal is aborted, and
 * what it still does is not waited for, nor heard: not even its failure.
 * @throws What `call` throws; an error named `TimeoutError`; the reason of a signal.
 */
export async function callWithin<R>(
  limits: CallLimits,
  call: (signal: AbortSignal) => Promise<R> | R,
): Promise<R> {
  const { timeoutMs, signals, environment } = limits
  for (const signal of signals) signal.throwIfAborted()
  const controller = new AbortController()
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason))
  })
  const end = (): void => controller.abort(signals.find(({ aborted }) => aborted)?.reason)
  for (const signal of signals) signal.addEventListener('abort', end)
  const stop = Number.isFinite(timeoutMs)
    ? environment.after(timeoutMs, () => controller.abort(timeout(timeoutMs)))
    : undefined
  // At once, so that nothing can be aborted in between; what it throws is a rejection all the same.
  const calling = new Promise<R>((resolve) => {
    resolve(call(controller.signal))
  })
  try {
    return await Promise.race([calling, ended])
  } finally {
    stop?.()
    for (const signal of signals) signal.removeEventListener('abort', end)
  }
}

function timeout(timeoutMs: number): DOMException {
  return new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')
}
