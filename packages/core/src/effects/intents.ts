import { isDeepStrictEqual } from 'node:util'
import type { Environment } from '../environment.ts'
import { HoldfastError } from '../error.ts'
import type { Json } from '../json.ts'
import type { LiveDocument, Step } from '../live-document.ts'
import type { LedgerStep } from './effect-ledger.ts'
import type { EffectOptions } from './effect-options.ts'
import { type Intent, isSettled, type SettledIntent } from './intent.ts'

/** A step whose result is known. */
export interface StepTo<R> extends Step {
  readonly result: R
}

/** Commits a step; see `State.update`. */
type CommitStep = <R>(run: () => StepTo<R>, signal?: AbortSignal) => Promise<R>

/** What the intents of one effect are kept in. */
export interface IntentsParts {
  readonly name: string
  readonly options: EffectOptions
  readonly document: LiveDocument
  readonly environment: Environment
  readonly commit: CommitStep
}

/**
 * The commits in the life of one effect's intents. Each decides on the document as it stands when the
 * commit counts: after a conflict it looks again.
 */
export class Intents {
  readonly #parts: IntentsParts

  constructor(parts: IntentsParts) {
    this.#parts = parts
  }

  /** The intent of `id`; undefined when there is none. */
  get(id: string): Intent | undefined {
    return this.#parts.document.ledger.get(this.#parts.name, id)
  }

  /**
   * Makes the intent of `id`, unless there is one: then `check` looks at it, and nothing is written.
   * @throws What `check` throws; HoldfastError `INVALID` when the document cannot hold intents; what
   * `State.update` throws.
   */
  intend(
    id: string,
    input: Json,
    signal: AbortSignal,
    check: (known: Intent) => void,
  ): Promise<{ intent: Intent; isNew: boolean }> {
    const { name, document, environment, commit } = this.#parts
    return commit((): StepTo<{ intent: Intent; isNew: boolean }> => {
      const known = this.get(id)
      if (known) {
        check(known)
        return nothing({ intent: known, isNew: false })
      }
      document.assertCanHoldEffects()
      const fresh = { input, at: this.#iso(environment.now()), attempts: 1 }
      const step = document.ledger.intend(name, id, environment.token(), fresh)
      const intent = this.present(id)
      return { ...step, result: { intent, isNew: true } }
    }, signal)
  }

  /** Takes an intent back that nothing was done for; not one that another process works on by now. */
  withdraw(id: string, intent: Intent): Promise<void> {
    const { name, document, commit } = this.#parts
    return commit(() => {
      const known = this.get(id)
      if (!known || !isDeepStrictEqual(known, intent)) return nothing(undefined)
      return { ...document.ledger.withdraw(name, id, known), result: undefined }
    })
  }

  /**
   * Counts one more attempt at `intent`, unless anybody has done so, or settled it, since it was looked
   * at: of those who find it open at once, one gets to send it.
   */
  claim(id: string, intent: Intent): Promise<{ intent: Intent; isOwn: boolean }> {
    const { name, document, commit } = this.#parts
    return commit((): StepTo<{ intent: Intent; isOwn: boolean }> => {
      const known = this.present(id)
      if (!isDeepStrictEqual(known, intent)) return nothing({ intent: known, isOwn: false })
      const step = document.ledger.countAttempt(name, id, known)
      return { ...step, result: { intent: this.present(id), isOwn: true } }
    })
  }

  /**
   * Records the result of `id`, and with it what `apply` changes in the document; where it was settled
   * meanwhile, gives that, and changes nothing.
   */
  settle(
    id: string,
    result: Json,
    apply: ((draft: unknown) => unknown) | undefined,
  ): Promise<{ intent: SettledIntent; isOwn: boolean }> {
    const { name, document, commit } = this.#parts
    return commit(() => {
      const known = this.present(id)
      if (isSettled(known)) return nothing({ intent: known, isOwn: false })
      const now = this.#parts.environment.now()
      const settled = { at: this.#iso(now), result }
      const recorded = document.ledger.settle(name, id, known, settled, this.#bounds(now))
      const after = { intent: { ...known, settled }, isOwn: true }
      if (!apply) return { ...recorded, result: after }
      return both(recorded, () => document.change(apply), after)
    })
  }

  #bounds(now: number): { count: number; since: string } {
    const { settledCount, settledAgeMs } = this.#parts.options
    return { count: settledCount, since: this.#iso(Math.max(0, now - settledAgeMs)) }
  }

  #iso(ms: number): string {
    return new Date(ms).toISOString()
  }

  /**
   * The intent of `id`, which was there.
   * @throws HoldfastError `CONFLICT` when it is gone.
   */
  present(id: string): Intent {
    const known = this.get(id)
    if (known) return known
    const message =
      `the intent of effect "${this.#parts.name}" "${id}" is gone from the document: it was settled ` +
      'and forgotten elsewhere, or the state was put back'
    throw new HoldfastError('CONFLICT', message, { committed: false })
  }
}

function nothing<R>(result: R): StepTo<R> {
  return { patches: [], result, undo: () => {}, redo: () => {} }
}

/** One step of what was recorded and of what `change` does; when that throws, of neither. */
function both<R>(recorded: LedgerStep, change: () => Step, result: R): StepTo<R> {
  let changed: Step
  try {
    changed = change()
  } catch (error) {
    recorded.undo()
    throw error
  }
  return {
    patches: [...recorded.patches, ...changed.patches],
    result,
    undo: () => {
      changed.undo()
      recorded.undo()
    },
    redo: () => {
      recorded.redo()
      changed.redo()
    },
  }
}
