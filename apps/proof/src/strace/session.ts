import {
  HoldfastError,
  type Backend,
  type Json,
  type PendingChange,
  type Sequence,
} from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { openTraced, type TracedBackend } from './traced-backend.ts'

/** What became of one step. */
export interface Step {
  readonly step: 'open' | 'load' | 'commit' | 'close'
  /** The id that was to be committed. */
  readonly id: string | null
  readonly failure: Failure | null
}

/** An error, as far as a program is told. */
interface Failure {
  /** HoldfastError's code, or null for an error of another class. */
  readonly code: string | null
  readonly committed: boolean | 'unknown' | null
  /** The numbers of the system's errors behind it, as errno(3) has them. */
  readonly errnos: readonly number[]
  readonly message: string
}

/** The ids that bots save one after another, in this order. */
export const savedIds: readonly string[] = ['left 1', 'left 2', 'a', 'b', 'next']

/** A bot over one state, `{ ids: [...] }`: it saves ids, and goes on after errors. */
export class Session {
  readonly #kind: TracedBackend
  readonly #directory: string
  readonly #tell: (step: Step) => void
  readonly #isLater: boolean
  #backend: Backend | null = null
  #sequence: Sequence | null = null
  /** What the state is known to be; null where it has to be loaded first. */
  #known: Known | null = null

  constructor(
    kind: TracedBackend,
    directory: string,
    tell: (step: Step) => void,
    isLater: boolean = false,
  ) {
    this.#isLater = isLater
    this.#kind = kind
    this.#directory = directory
    this.#tell = tell
  }

  /** Opens the state where it is not open, loads it, and tells how that went. */
  async load(): Promise<void> {
    await this.#step('open', null, async () => {
      this.#backend ??= await openTraced(this.#kind, this.#directory, this.#isLater)
      this.#sequence ??= await this.#backend.open('trading')
    })
    await this.#step('load', null, async () => {
      this.#known = null
      const snapshot = await this.#sequence?.load()
      if (snapshot === undefined) return
      this.#known = { version: snapshot?.version ?? 0, ids: idsIn(snapshot?.data ?? null) }
    })
  }

  /** Commits `id` behind those that are there; where another change came first, behind that. */
  async save(id: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#known === null) await this.load()
      const [sequence, known] = [this.#sequence, this.#known]
      if (sequence === null || known === null) return
      this.#known = null
      const ids = [...known.ids, id]
      let isConflict = false
      await this.#step('commit', id, async () => {
        const { committed } = await sequence.commit(changeOf(sequence, known, ids))
        isConflict = !committed
        if (isConflict && attempt === mostAttempts) throw new Error('others were always first')
        return committed
      })
      if (!isConflict) return
    }
  }

  /** Closes what is open; nothing is left of it, whether that went well or not. */
  async close(): Promise<void> {
    await this.#step('close', null, async () => {
      await this.#sequence?.close()
      await this.#backend?.close()
    })
    this.#sequence = null
    this.#backend = null
    this.#known = null
  }

  /** Does one step, and tells how it went, unless `work` says that it is still to be done. */
  async #step(
    step: Step['step'],
    id: string | null,
    work: () => Promise<void | boolean>,
  ): Promise<void> {
    try {
      if ((await work()) !== false) this.#tell({ step, id, failure: null })
    } catch (error) {
      this.#tell({ step, id, failure: failureOf(error) })
    }
  }
}

/** A state as it was last seen. */
export interface Known {
  readonly version: number
  readonly ids: readonly string[]
}

const mostAttempts = 3

/** The change that makes `ids` of what is known. */
export function changeOf(sequence: Sequence, known: Known, ids: readonly string[]): PendingChange {
  return pendingChange({
    base: known.version,
    data: { ids: [...ids] },
    ...(known.version === 0 ? {} : { previous: { ids: [...known.ids] } }),
    ...(sequence.writer === undefined ? {} : { writer: sequence.writer }),
  })
}

/** The ids of a document as `Session` writes it, none for null. @throws TypeError for any other one. */
export function idsIn(data: Json): string[] {
  if (data === null) return []
  const ids = typeof data === 'object' && 'ids' in data ? data['ids'] : undefined
  if (!Array.isArray(ids)) throw new TypeError(`a foreign document: ${JSON.stringify(data)}`)
  return ids.map(String)
}

function failureOf(error: unknown): Failure {
  const errnos: number[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('errno' in cause) errnos.push(-Number(cause.errno))
  }
  const isOurs = HoldfastError.is(error)
  return {
    code: isOurs ? error.code : null,
    committed: isOurs ? (error.committed ?? null) : null,
    errnos,
    message: error instanceof Error ? error.message : String(error),
  }
}
