/**
 * Pseudo-random numbers that the seed alone decides: sfc32 (Doty-Humphrey, PractRand), whose state is
 * the seed's digits mixed for a few rounds.
 */
export class SeededRandom {
  readonly #state: Uint32Array = new Uint32Array(4)

  constructor(seed: number, stream = 0) {
    this.#state.set([seed, seed / 2 ** 32, stream, 1])
    for (let round = 0; round < 15; round++) this.next()
  }

  /** The next 32 bits. */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state
    const result = (a + b + counter) >>> 0
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + result, counter + 1])
    return result
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit)
  }

  /** True once in `times`, on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  /** 128 bits as 32 hexadecimal digits. */
  token(): string {
    return Array.from({ length: 4 }, () => this.next().toString(16).padStart(8, '0')).join('')
  }
}
