/** Values armed for a number of takes, in the order of arming. */
export class Armed<Value> {
  #rounds: { readonly value: Value; left: number }[] = []

  /**
   * The next `times` takes that are not spoken for give `value`.
   * @throws TypeError unless `times` is a positive integer or Infinity.
   */
  arm(value: Value, times = 1): void {
    if (times !== Number.POSITIVE_INFINITY && (!Number.isInteger(times) || times < 1)) {
      throw new TypeError(`A fault is armed a positive number of times, not ${times}.`)
    }
    this.#rounds.push({ value, left: times })
  }

  /** The value for this time; undefined when nothing is armed. */
  take(): Value | undefined {
    const round = this.#rounds[0]
    if (round === undefined) return undefined
    round.left -= 1
    if (round.left === 0) this.#rounds.shift()
    return round.value
  }

  clear(): void {
    this.#rounds = []
  }
}
