import type { EffectReference } from './effect.ts'
import type { Json } from '../json.ts'

/** How an operation came to the result that is stored now. */
export interface Settlement {
  /** `answered`: by the first `run`. See `RecoveredIntent.outcome` for the others. */
  readonly outcome: 'answered' | 'found' | 'repeated' | 'settled'
  /** In stored form. */
  readonly result: Json
}

/** One effect under way in this process: what all wait for who called it with the same id. */
export class Operation {
  /** In stored form. */
  readonly input: Json
  /** The effect, as soon as its intent is durable. */
  intended: EffectReference | undefined
  /** Resolves when nothing is under way any more, whatever came of it. */
  readonly over: Promise<undefined>
  readonly #done: Promise<Settlement>
  readonly #controller = new AbortController()
  #waiting = 0

  /** @param work Does it; begun at once. */
  constructor(input: Json, work: (operation: Operation) => Promise<Settlement>) {
    this.input = input
    this.#done = work(this)
    this.over = Promise.allSettled([this.#done]).then(() => undefined)
  }

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * Waits for the result. The last who leaves, by `signal`, ends the operation, and is told what that
   * came to; who leaves others behind is told `told` of it.
   */
  async join(
    signal: AbortSignal | undefined,
    told: (reason: unknown) => unknown,
  ): Promise<Settlement> {
    this.#waiting++
    if (signal === undefined) return this.#done
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting--
        if (this.#waiting === 0) this.#controller.abort(signal.reason)
        else reject(told(signal.reason))
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      const stay = (): void => signal.removeEventListener('abort', leave)
      void this.over.then(stay)
      this.#done.then(resolve, reject)
    })
  }
}
