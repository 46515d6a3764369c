import { Faults } from './faults.ts'
import { KeptState } from './kept-state.ts'

/**
 * A place where states are kept for as long as something refers to it. Backends opened on one Memory
 * see each other's commits, as processes that share a directory do.
 */
export class Memory {
  /** Switches for tests: what comes next fails, waits, or is overtaken. */
  readonly faults: Faults = new Faults()
  readonly #states = new Map<string, KeptState>()

  /** What is kept under `name`; at version 0 when that is nothing. Always the same object. */
  state(name: string): KeptState {
    const known = this.#states.get(name)
    if (known !== undefined) return known
    const state = new KeptState(name)
    this.#states.set(name, state)
    return state
  }

  /** The states that were ever written and not removed. */
  written(): KeptState[] {
    return [...this.#states.values()].filter((state) => state.version > 0)
  }
}
