import { setImmediate } from 'node:timers/promises'
import {
  HoldfastError,
  type Backend,
  type Change,
  type CommitResult,
  type ErrorCode,
  type HoldfastErrorOptions,
  type PendingChange,
  type Sequence,
  type Snapshot,
} from '@holdfast/core'
import type { ConformancePlace } from '../../src/index.ts'

/** What is kept of one state: every change as text, and the newest document as text. */
interface ListedState {
  changes: string[]
  document: string
}

/** A place that the correct backend and the broken ones share. */
export interface ListPlace extends ConformancePlace {
  readonly states: Map<string, ListedState>
  readonly listeners: Set<() => void>
}

/** What is done to each handle on a place before it is given out. */
export type Mutation = (backend: Backend, place: ListPlace) => Backend

/**
 * A second correct backend beside the reference one, made of plain functions so that a mutant can
 * replace any of them: whole documents, a list of changes, nothing else.
 */
export function listPlace(mutate: Mutation = (backend) => backend): ListPlace {
  const place: ListPlace = {
    states: new Map(),
    listeners: new Set(),
    open: async () => mutate(openListBackend(place), place),
    dispose: async () => place.states.clear(),
  }
  return place
}

/** Cuts the newest document of `name` short. */
export function damage(place: ListPlace, name: string): void {
  const state = place.states.get(name)
  if (state !== undefined) state.document = '{"cut'
}

function openListBackend(place: ListPlace): Backend {
  const sequences = new Set<Sequence>()
  let isClosed = false
  const assertOpen = (state?: string): void => {
    if (isClosed) throw failure('CLOSED', state)
  }
  const close = async (): Promise<void> => {
    isClosed = true
    await Promise.all(Array.from(sequences, (sequence) => sequence.close()))
  }
  return {
    capabilities: { durability: 'none', writers: 'process', history: true },
    location: 'a list',
    open: async (name, options) => {
      assertOpen(name)
      options?.signal?.throwIfAborted()
      if (name === '') throw failure('INVALID', name)
      const sequence = openListSequence(place, name)
      sequences.add(sequence)
      return sequence
    },
    async *list(options) {
      assertOpen()
      options?.signal?.throwIfAborted()
      yield* place.states.keys()
    },
    remove: async (name, options) => {
      assertOpen(name)
      options?.signal?.throwIfAborted()
      place.states.delete(name)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function openListSequence(place: ListPlace, name: string): Sequence {
  const own = new Set<() => void>()
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false
  const assertOpen = (options?: HoldfastErrorOptions): void => {
    if (isClosed) throw failure('CLOSED', name, options)
  }
  const changes = (): Change[] =>
    (place.states.get(name)?.changes ?? []).map((text): Change => JSON.parse(text))
  const load = (): Snapshot | null => {
    const newest = changes().at(-1)
    if (newest === undefined) return null
    const { version, schema, at, writer } = newest
    try {
      return {
        version,
        schema,
        at,
        writer,
        data: JSON.parse(place.states.get(name)?.document ?? ''),
      }
    } catch (cause) {
      throw failure('CORRUPT', name, { cause })
    }
  }
  const close = async (): Promise<void> => {
    isClosed = true
    for (const listener of own) place.listeners.delete(listener)
    await Promise.allSettled(underWay)
  }
  return {
    location: `a list of ${name}`,
    load: async (options) => {
      assertOpen()
      options?.signal?.throwIfAborted()
      return load()
    },
    commit: async (change) => {
      assertOpen({ committed: false })
      assertStep(change, name)
      const writing = write(place, name, change)
      underWay.add(writing)
      return writing
    },
    read: async (since) => {
      assertOpen()
      const all = changes()
      if (since <= all.length) return { changes: all.slice(since) }
      const snapshot = load()
      return snapshot === null ? { changes: [] } : { snapshot }
    },
    onHint: (listener) => {
      assertOpen()
      const registered = (): void => listener()
      place.listeners.add(registered)
      own.add(registered)
      return { [Symbol.dispose]: () => void place.listeners.delete(registered) }
    },
    async *history() {
      assertOpen()
      yield* changes().toReversed()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function assertStep({ base, version }: Change, name: string): void {
  if (Number.isSafeInteger(base) && base >= 0 && version === base + 1) return
  throw failure('INVALID', name, { committed: false })
}

async function write(place: ListPlace, name: string, change: PendingChange): Promise<CommitResult> {
  await setImmediate()
  const newest = place.states.get(name)?.changes.length ?? 0
  if (change.base !== newest) return { committed: false, newest }
  append(place, name, change, documentOf(change, name))
  return { committed: true }
}

/** Adds `change` to what is kept, whatever it builds on, and hints at it. */
export function append(place: ListPlace, name: string, change: Change, document: string): void {
  const { base, version, id, writer, at, schema, patches } = change
  const text = JSON.stringify({ base, version, id, writer, at, schema, patches })
  const changes = [...(place.states.get(name)?.changes ?? []), text]
  place.states.set(name, { changes, document })
  for (const listener of place.listeners) {
    queueMicrotask(() => {
      if (place.listeners.has(listener)) listener()
    })
  }
}

function documentOf(change: PendingChange, name: string): string {
  try {
    return change.document()
  } catch (cause) {
    throw failure('INVALID', name, { committed: false, cause })
  }
}

/** An error as the contract wants it. */
export function failure(
  code: ErrorCode,
  state?: string,
  options?: HoldfastErrorOptions,
): HoldfastError {
  const message = `The list of ${state ?? 'states'}: ${code}.`
  return new HoldfastError(code, message, state === undefined ? options : { ...options, state })
}
