import type { Step } from './live-document.ts'

/** One call of `update` or `replace`, from the call until its commit is settled. */
export class QueuedUpdate {
  /** Does the change on the document as it stands; may be called again after `step` was undone. */
  readonly run: () => Step
  /** What it did; undefined before, while it is taken back, and where it failed. */
  step: Step | undefined
  /** What the caller gets. */
  readonly promise: Promise<unknown>
  #resolve!: (result: unknown) => void
  #reject!: (error: unknown) => void

  constructor(run: () => Step) {
    this.run = run
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Tells the caller that what `step` did is durable. */
  resolve(): void {
    this.#resolve(this.step?.result)
  }

  /** Tells the caller that nothing of it stays. A caller who does not listen is not ended by it. */
  reject(reason: unknown): void {
    this.promise.catch(() => {})
    this.#reject(reason)
  }
}
