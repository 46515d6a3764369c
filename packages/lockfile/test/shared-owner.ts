import type { Backend, Sequence } from '@holdfast/core'
import type { ConformancePlace } from '@holdfast/testing'

/**
 * A place where a state can be open once, for tests that open it many times: their handles share the
 * one sequence of each state, and closing one ends its hints and nothing else.
 */
export class SharedOwner implements ConformancePlace {
  readonly #backend: Promise<Backend>
  readonly #dispose: () => void
  readonly #sequences = new Map<string, Promise<Sequence>>()

  constructor(backend: Promise<Backend>, dispose: () => void) {
    this.#backend = backend
    this.#dispose = dispose
  }

  async open(): Promise<Backend> {
    const backend = await this.#backend
    return {
      capabilities: backend.capabilities,
      location: backend.location,
      open: async (name, options) => {
        if (options?.signal?.aborted) return backend.open(name, options)
        return handleOn(await this.#sequence(backend, name))
      },
      list: (options) => backend.list(options),
      remove: (name, options) => backend.remove(name, options),
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

  async dispose(): Promise<void> {
    const backend = await this.#backend
    await backend.close()
    this.#dispose()
  }

  #sequence(backend: Backend, name: string): Promise<Sequence> {
    const sequence = this.#sequences.get(name) ?? backend.open(name)
    this.#sequences.set(name, sequence)
    return sequence
  }
}

/** Declares every topic but those about the end of a handle: the one that all share here never ends. */
export function topicsOfOneHandle(
  declare: (title: string, body: () => void) => unknown,
): (title: string, body: () => void) => unknown {
  return (title, body) => {
    if (!/: (closing|re-opening)$/.test(title)) declare(title, body)
  }
}

function handleOn(sequence: Sequence): Sequence {
  const { location, writer } = sequence
  const hints: Disposable[] = []
  const close = async (): Promise<void> => {
    for (const hint of hints) hint[Symbol.dispose]()
  }
  return {
    location,
    ...(writer === undefined ? {} : { writer }),
    load: (options) => sequence.load(options),
    commit: (change) => sequence.commit(change),
    read: (since) => sequence.read(since),
    onHint: (listener) => {
      const hint = sequence.onHint(listener)
      hints.push(hint)
      return hint
    },
    history: () => sequence.history(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
