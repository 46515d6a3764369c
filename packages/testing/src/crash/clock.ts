/** Simulated time: it goes on when a call is made or somebody sleeps, and at no other time. */
export class Clock {
  /** In microseconds since 1970. */
  #nowUs: number

  constructor(startMs: number) {
    this.#nowUs = startMs * 1000
  }

  get nowUs(): number {
    return this.#nowUs
  }

  get nowMs(): number {
    return this.#nowUs / 1000
  }

  advance(durationUs: number): void {
    this.#nowUs += Math.round(durationUs)
  }
}
