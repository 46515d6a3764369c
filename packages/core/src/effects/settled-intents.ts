import { partsOf, type SettledIntent } from './intent.ts'

/** How many settled intents of one effect stay. */
export interface LedgerBounds {
  readonly count: number
  /** What was settled before this, ISO 8601, goes. */
  readonly since: string
}

/** The settled intents of a state, those of each effect in the order in which they were settled. */
export class SettledIntents {
  readonly #byName = new Map<string, Map<string, SettledIntent>>()

  get(place: string): SettledIntent | undefined {
    return this.#of(place)?.get(place)
  }

  /** All of them, by place. */
  *all(): Generator<readonly [string, SettledIntent]> {
    for (const intents of this.#byName.values()) yield* intents
  }

  /** Adds one as the last. */
  add(place: string, intent: SettledIntent): void {
    const { name } = partsOf(place)
    const intents = this.#byName.get(name) ?? new Map<string, SettledIntent>()
    this.#byName.set(name, intents.set(place, intent))
  }

  /** Adds one as the first: the one that was the oldest before it was deleted. Costs what is kept. */
  putBack(place: string, intent: SettledIntent): void {
    const { name } = partsOf(place)
    this.#byName.set(name, new Map([[place, intent], ...(this.#byName.get(name) ?? [])]))
  }

  delete(place: string): void {
    this.#of(place)?.delete(place)
  }

  /** Brings them into the order of time: a document keeps them in that of their intents. */
  sort(): void {
    for (const [name, intents] of this.#byName) {
      const sorted = [...intents].toSorted(([, a], [, b]) => compare(a.settled.at, b.settled.at))
      this.#byName.set(name, new Map(sorted))
    }
  }

  /** The oldest of effect `name` that have to go, so that one more fits into `bounds`. */
  beyond(name: string, { count, since }: LedgerBounds): (readonly [string, SettledIntent])[] {
    const intents = this.#byName.get(name)
    const found: (readonly [string, SettledIntent])[] = []
    for (const [place, intent] of intents ?? []) {
      const left = (intents?.size ?? 0) - found.length
      if (left < count && intent.settled.at >= since) break
      found.push([place, intent])
    }
    return found
  }

  #of(place: string): Map<string, SettledIntent> | undefined {
    return this.#byName.get(partsOf(place).name)
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
