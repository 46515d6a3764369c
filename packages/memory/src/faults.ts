import { HoldfastError, type Json, type Snapshot } from '@holdfast/core'
import { Armed } from './armed.ts'
import { Gate } from './gate.ts'

/** Commits that wait. */
export interface Hold {
  /** Resolves when the first commit waits here. */
  readonly reached: Promise<void>
  /** Lets the commits that wait, and those still to come, go on. */
  release(): void
}

/** Makes the document that another writer commits, of the newest snapshot. */
export type Foreign = (newest: Snapshot | null) => Json

/** What happens to one commit. Each part is undefined when nothing is to happen. */
export interface CommitFaults {
  /** What the commit waits for, before anything else. */
  readonly wait: (() => Promise<void>) | undefined
  /** Another writer commits this first. */
  readonly foreign: Foreign | undefined
  readonly failure: CommitFailure | undefined
}

interface CommitFailure {
  readonly error: (state: string) => HoldfastError
  /** Whether the change is committed all the same, before the error is thrown. */
  readonly isLate: boolean
}

/**
 * Switches for tests, shared by every backend on one Memory. Each is armed for the next `times`
 * commits or reads (1 when left out), whichever state and handle they come from; several may meet
 * in one commit, which then waits, is overtaken and fails in this order.
 */
export class Faults {
  /** What all newest documents may take together; a commit beyond it throws `NO_SPACE`. */
  capacityBytes: number = Number.POSITIVE_INFINITY
  readonly #failures = new Armed<CommitFailure>()
  readonly #foreign = new Armed<Foreign>()
  readonly #waits = new Armed<() => Promise<void>>()
  readonly #reads = new Armed<(state: string) => HoldfastError>()

  /**
   * The next commits throw `error`; an `IO` with `committed: false` when left out. What the error says
   * is made true: with `committed: true` the change is in the sequence nevertheless.
   * @throws TypeError when `error.committed` is neither true nor false.
   */
  failCommits(error?: HoldfastError, times?: number): void {
    if (error !== undefined && typeof error.committed !== 'boolean') {
      throw new TypeError(
        'The error of a failing commit has to say `committed: true` or `false`; for an unknown outcome use hideOutcomes().',
      )
    }
    const isLate = error?.committed === true
    this.#failures.arm({ error: (state) => error ?? ioError(state, false), isLate }, times)
  }

  /** The next commits throw `OUTCOME_UNKNOWN`; `landed` says whether they are in the sequence. */
  hideOutcomes(options: { readonly landed: boolean; readonly times?: number }): void {
    this.#failures.arm({ error: outcomeUnknown, isLate: options.landed }, options.times)
  }

  /**
   * Before each of the next commits another writer commits the document that `foreign` makes of the
   * newest snapshot: a real conflict, with a change behind it.
   */
  overtakeCommits(foreign: Foreign, times?: number): void {
    this.#foreign.arm(foreign, times)
  }

  /** The next commits wait until they are released; only then is their base compared. */
  holdCommits(times?: number): Hold {
    const [reached, released] = [new Gate(), new Gate()]
    this.#waits.arm(() => {
      reached.open()
      return released.opened
    }, times)
    return { reached: reached.opened, release: released.open }
  }

  /** The next loads, reads and histories throw `error`; an `IO` when left out. */
  failReads(error?: HoldfastError, times?: number): void {
    this.#reads.arm((state) => error ?? ioError(state), times)
  }

  /** Disarms every switch. Commits that wait already go on waiting. */
  clear(): void {
    this.capacityBytes = Number.POSITIVE_INFINITY
    for (const armed of [this.#failures, this.#foreign, this.#waits, this.#reads]) armed.clear()
  }

  /** Called by the backend: what is to happen to a commit that begins. */
  takeForCommit(): CommitFaults {
    return {
      wait: this.#waits.take(),
      foreign: this.#foreign.take(),
      failure: this.#failures.take(),
    }
  }

  /** Called by the backend: throws when a read of `state` is to fail. */
  throwForRead(state: string): void {
    const error = this.#reads.take()
    if (error !== undefined) throw error(state)
  }
}

function ioError(state: string, committed?: boolean): HoldfastError {
  return new HoldfastError(
    'IO',
    `State "${state}" in memory: a fault switch made this fail. Try again.`,
    committed === undefined ? { state } : { state, committed },
  )
}

function outcomeUnknown(state: string): HoldfastError {
  return new HoldfastError(
    'OUTCOME_UNKNOWN',
    `State "${state}" in memory: a fault switch hid the outcome of this commit. Read the sequence and look for the change's id.`,
    { state, committed: 'unknown' },
  )
}
