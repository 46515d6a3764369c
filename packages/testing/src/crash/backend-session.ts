import type { Backend, Json, PendingChange, Sequence } from '@holdfast/core'
import type { FileSystem } from '@holdfast/fs'
import { pendingChange } from '../pending-change.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** One step of the work that a backend is crashed in. */
export type BackendStep =
  /** Commits a document that has a new entry, and so many bytes besides. */
  | { readonly kind: 'commit'; readonly state: string; readonly bytes: number }
  | { readonly kind: 'remove'; readonly state: string }
  | { readonly kind: 'load'; readonly state: string }
  /** Closes the backend and opens it again. */
  | { readonly kind: 'reopen' }

/** What stands in a state: the operations that made it. */
export type Entries = Readonly<Record<string, readonly string[]>>

/** A state that is open, and what is known of it. */
interface OpenState {
  readonly sequence: Sequence
  version: number
  data: { entries: string[]; filler: string } | null
}

const mostAttempts = 5

/** One process's work on a backend, from opening it to closing it. */
export class BackendSession {
  readonly #open: (process: SimulatedProcess) => Promise<Backend>
  readonly #process: SimulatedProcess
  readonly #names: readonly string[]
  #backend: Backend | null = null
  readonly #states = new Map<string, OpenState>()
  readonly #sequences = new Map<string, Sequence>()

  constructor(
    open: (process: SimulatedProcess) => Promise<Backend>,
    process: SimulatedProcess,
    names: readonly string[],
  ) {
    this.#open = open
    this.#process = process
    this.#names = names
  }

  /** What every state holds. */
  async load(): Promise<Entries> {
    const found: Record<string, readonly string[]> = {}
    for (const name of this.#names) found[name] = (await this.#state(name)).data?.entries ?? []
    return found
  }

  /** Does `steps` one after another, and closes the backend; gives the operations. */
  async run(steps: readonly BackendStep[], label: string): Promise<string[]> {
    const operations: string[] = []
    for (const [index, step] of steps.entries()) {
      const operation = operationOf(step, `${label}, step ${index + 1}`)
      await this.step(step, operation)
      if (operation !== null) operations.push(operation)
    }
    await this.close()
    return operations
  }

  async close(): Promise<void> {
    const backend = this.#backend
    this.#backend = null
    this.#states.clear()
    this.#sequences.clear()
    await backend?.close()
  }

  /** Does one step; `operation` is what `operationOf` says. */
  async step(step: BackendStep, operation: string | null): Promise<void> {
    if (step.kind === 'reopen') await this.close()
    else if (step.kind === 'commit') await this.#commit(step.state, step.bytes, operation ?? '')
    else {
      this.#states.delete(step.state)
      if (step.kind === 'load') await this.#state(step.state)
      else await this.#remove(step.state, operation ?? '')
    }
  }

  /** Forgets what it knows of the states: they are loaded again, by the handles that are open. */
  forget(): void {
    this.#states.clear()
  }

  async #commit(name: string, bytes: number, operation: string): Promise<void> {
    this.#process.begin(operation)
    for (let attempt = 1; ; attempt++) {
      const state = await this.#state(name)
      const data = {
        entries: [...(state.data?.entries ?? []), operation],
        filler: 'x'.repeat(bytes),
      }
      const result = await state.sequence.commit(this.#change(state, data))
      if (result.committed) {
        this.#process.acknowledge(operation)
        state.version += 1
        state.data = data
        return
      }
      // A backend may take versions for itself, so that even a lone writer finds that he is late.
      if (attempt === mostAttempts)
        throw new Error(`wrong: a commit to ${name} was refused ${attempt} times`)
      this.#states.delete(name)
    }
  }

  #change(state: OpenState, data: NonNullable<OpenState['data']>): PendingChange {
    const { environment } = this.#process
    return pendingChange({
      base: state.version,
      data,
      id: environment.token(),
      writer: `${environment.process}/a`,
      at: new Date(environment.now()).toISOString(),
      ...(state.data === null ? {} : { previous: state.data }),
    })
  }

  async #remove(name: string, operation: string): Promise<void> {
    const backend = await this.#opened()
    this.#process.begin(operation)
    await backend.remove(name)
    this.#process.acknowledge(operation)
  }

  async #opened(): Promise<Backend> {
    this.#backend ??= await this.#open(this.#process)
    return this.#backend
  }

  async #state(name: string): Promise<OpenState> {
    const known = this.#states.get(name)
    if (known !== undefined) return known
    const sequence = this.#sequences.get(name) ?? (await (await this.#opened()).open(name))
    this.#sequences.set(name, sequence)
    const snapshot = await sequence.load()
    const state: OpenState = {
      sequence,
      version: snapshot?.version ?? 0,
      data: snapshot === null ? null : contentOf(snapshot.data),
    }
    this.#states.set(name, state)
    return state
  }
}

function contentOf(data: Json): { entries: string[]; filler: string } {
  const { entries, filler }: { entries?: Json; filler?: Json } = Object(data)
  if (!Array.isArray(entries) || typeof filler !== 'string') {
    throw new Error(`wrong: a document that nobody has written: ${JSON.stringify(data)}`)
  }
  return { entries: entries.map(String), filler }
}

/** The operation that a step is, by a name that tells it from all others; null where it changes nothing. */
export function operationOf(step: BackendStep, label: string): string | null {
  return step.kind === 'commit' || step.kind === 'remove'
    ? `${step.kind} ${step.state} ${label}`
    : null
}

/** The path of everything below `path` that is no directory. */
export async function filesIn(
  { fileSystem }: { fileSystem: FileSystem },
  path: string,
): Promise<string[]> {
  const found: string[] = []
  for (const name of await fileSystem.readdir(path)) {
    const below = path === '/' ? `/${name}` : `${path}/${name}`
    const { kind } = await fileSystem.lstat(below)
    if (kind === 'directory') found.push(...(await filesIn({ fileSystem }, below)))
    else found.push(below)
  }
  return found
}
