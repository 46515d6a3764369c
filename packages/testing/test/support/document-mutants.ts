import type { Json, PendingChange, Snapshot } from '@holdfast/core'
import { append, failure } from './list-backend.ts'
import { distorting, inBackends, inSequences, mutantsOf, renaming, type Mutant } from './mutant.ts'

const emptySnapshot: Snapshot = { version: 0, schema: 1, at: null, writer: null, data: {} }

const neverWritten = mutantsOf('never written', {
  'loads an empty document for one that is not there': inSequences((sequence) => ({
    load: async (options) => (await sequence.load(options)) ?? emptySnapshot,
  })),
  'reads an empty document for one that is not there': inSequences((sequence) => ({
    read: async (since) =>
      (await sequence.load()) === null ? { snapshot: emptySnapshot } : sequence.read(since),
  })),
  'creates a state by opening it': inSequences((_, name, { states }) => {
    if (!states.has(name)) states.set(name, { changes: [], document: '' })
    return {}
  }),
  'lists a file of its own': inBackends((backend) => ({
    async *list(options) {
      yield 'lockfile'
      yield* backend.list(options)
    },
  })),
})

const roundTrips = mutantsOf('round trips', {
  'loads a falsy document as null': inSequences((sequence) => ({
    load: async (options) => {
      const snapshot = await sequence.load(options)
      return snapshot?.data ? snapshot : null
    },
  })),
  'drops falsy members': distorting((value) => value || undefined),
  'turns empty containers into null': distorting((value) =>
    isObject(value) && Object.keys(value).length === 0 ? null : value,
  ),
  'turns booleans into text': distorting((value) =>
    typeof value === 'boolean' ? String(value) : value,
  ),
  'flattens arrays': distorting((value) => (Array.isArray(value) ? value.flat() : value)),
  'keeps 15 digits of a number': distorting((value) =>
    typeof value === 'number' ? Number(value.toPrecision(15)) : value,
  ),
  'reads text that looks like JSON': distorting((value) => {
    if (typeof value !== 'string') return value
    return /^(?:null|true|\d+|\{\})$/u.test(value) ? JSON.parse(value) : value
  }),
  'drops backslashes': distorting((value) =>
    typeof value === 'string' ? value.replaceAll('\\', '') : value,
  ),
  'strips control characters': distorting((value) =>
    typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, '') : value,
  ),
  'normalises text': distorting((value) =>
    typeof value === 'string' ? value.normalize('NFC') : value,
  ),
  'writes text as UTF-8 without escapes': distorting((value) =>
    typeof value === 'string' ? value.replaceAll(/\p{Cs}/gu, '\ufffd') : value,
  ),
  'does not escape pointers': distorting((value) =>
    withEntries(value, (entries) =>
      entries.map(([key, inner]) => [key.split('/')[0] ?? '', inner]),
    ),
  ),
  'assigns __proto__': distorting((value) => {
    if (!isObject(value) || Array.isArray(value)) return value
    const assigned: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) assigned[key] = inner
    return assigned
  }),
  'takes inherited keys for its own': distorting((value) =>
    withEntries(value, (entries) => entries.filter(([key]) => !(key in {}))),
  ),
  'sorts keys': distorting((value) =>
    withEntries(value, (entries) => entries.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  ),
  'drops what is nested deeply': inSequences((sequence) => ({
    load: async (options) => {
      const snapshot = await sequence.load(options)
      return snapshot && { ...snapshot, data: cutAt(snapshot.data, 100) }
    },
  })),
})

const envelope = mutantsOf('envelope', {
  'counts versions from 0': withSnapshot((snapshot) => ({ version: snapshot.version - 1 })),
  'forgets the schema version': withSnapshot(() => ({ schema: 1 })),
  'forgets the writer': withSnapshot(() => ({ writer: null })),
  'rounds times to seconds': withSnapshot(({ at }) => ({ at: at?.slice(0, 19) ?? null })),
  'always tells of a recovery': withSnapshot(() => ({
    recovery: { generation: 0, ageMs: null, reason: 'none', lostVersion: null },
  })),
  'gives changes new ids': inSequences((sequence) => ({
    read: async (since) => {
      const result = await sequence.read(since)
      if (!('changes' in result)) return result
      return { changes: result.changes.map((change) => ({ ...change, id: 'new' })) }
    },
  })),
})

const names = mutantsOf('names', {
  'accepts an empty name': inBackends((backend) => ({
    open: (name, options) => backend.open(name || 'unnamed', options),
  })),
  'refuses most names': inBackends((backend) => ({
    open: async (name, options) => {
      if (name !== 'neighbour') throw failure('INVALID', name)
      return backend.open(name, options)
    },
  })),
  'lists names in a form of its own': inBackends((backend) => ({
    async *list(options) {
      for await (const name of backend.list(options)) yield `${name}.json`
    },
  })),
  'refuses names with an error of its own': inBackends((backend) => ({
    open: async (name, options) => {
      if (/[^\w-]/u.test(name)) throw new Error('bad name')
      return backend.open(name, options)
    },
  })),
  'folds case': renaming((name) => name.toLowerCase()),
  'normalises Unicode': renaming((name) => name.normalize('NFC')),
  'trims names': renaming((name) => name.trim()),
  'drops dots at the end': renaming((name) => name.replace(/\.+$/u, '')),
  'decodes percent signs': renaming((name) => name.replaceAll(/%2f/giu, '/')),
  'replaces separators': renaming((name) => name.replaceAll(/[/\\:]/gu, '_')),
  'takes a name for a generation': renaming((name) => name.replace(/(?:\.json)?(?:\.\d)?$/u, '')),
  'cuts long names': renaming((name) => name.slice(0, 64)),
})

const bigDocuments = mutantsOf('big documents', {
  'cuts long text': distorting((value) =>
    typeof value === 'string' ? value.slice(0, 1_000_000) : value,
  ),
  'cuts wide objects': distorting((value) =>
    withEntries(value, (entries) => entries.slice(0, 10_000)),
  ),
  'cuts long arrays': distorting((value) =>
    Array.isArray(value) ? value.slice(0, 10_000) : value,
  ),
})

const aliasing = mutantsOf('aliasing', {
  'makes the document when it is loaded': inSequences((sequence) => {
    const committed: PendingChange[] = []
    return {
      commit: (change) => {
        committed.push(change)
        return sequence.commit(change)
      },
      load: async (options) => {
        const snapshot = await sequence.load(options)
        const data: Json = JSON.parse(committed.at(-1)?.document() ?? 'null')
        return snapshot && { ...snapshot, data }
      },
    }
  }),
  'gives every load the same object': inSequences((sequence) => {
    let cached: Promise<Snapshot | null> | undefined
    return { load: (options) => (cached ??= sequence.load(options)) }
  }),
  'gives every read the same objects': inSequences((sequence) => {
    let cached: ReturnType<typeof sequence.read> | undefined
    return { read: (since) => (cached ??= sequence.read(since)) }
  }),
  'writes before it compares': inSequences((sequence, name, place) => ({
    commit: async (change) => {
      const result = await sequence.commit(change)
      const state = place.states.get(name)
      if (state !== undefined) state.document = change.document()
      return result
    },
  })),
})

const badInput = mutantsOf('bad input', {
  'takes an impossible change for one that lost': inSequences((sequence) => ({
    commit: async (change) => {
      if (change.version === change.base + 1 && change.base >= 0) return sequence.commit(change)
      return { committed: false, newest: 1 }
    },
  })),
  'takes any number for a version': inSequences((sequence) => ({
    commit: async (change) =>
      Number.isSafeInteger(change.base) ? sequence.commit(change) : { committed: false, newest: 1 },
  })),
  'writes before it has the document': inSequences((_, name, place) => ({
    commit: async (change) => {
      append(place, name, change, 'null')
      const state = place.states.get(name)
      if (state !== undefined) state.document = change.document()
      return { committed: true }
    },
  })),
})

/** The mutants of what is stored: documents, their envelopes and their names. */
export const documentMutants: readonly Mutant[] = [
  ...neverWritten,
  ...roundTrips,
  ...envelope,
  ...names,
  ...bigDocuments,
  ...aliasing,
  ...badInput,
]

function withSnapshot(change: (snapshot: Snapshot) => Partial<Snapshot>): Mutant['mutation'] {
  return inSequences((sequence) => ({
    load: async (options) => {
      const snapshot = await sequence.load(options)
      return snapshot && { ...snapshot, ...change(snapshot) }
    },
  }))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function withEntries(
  value: unknown,
  change: (entries: [string, unknown][]) => [string, unknown][],
): unknown {
  if (!isObject(value) || Array.isArray(value)) return value
  return Object.fromEntries(change(Object.entries(value)))
}

function cutAt(value: Json, levels: number): Json {
  if (levels === 0) return null
  if (Array.isArray(value)) return value.map((inner) => cutAt(inner, levels - 1))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, cutAt(inner, levels - 1)]),
  )
}
