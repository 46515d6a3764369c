import { setImmediate } from 'node:timers/promises'
import { HoldfastError, type Change, type Snapshot } from '@holdfast/core'
import { append, failure, type ListPlace } from './list-backend.ts'
import { inBackends, inSequences, mutantsOf, type Mutant } from './mutant.ts'

const newestOf = (place: ListPlace, name: string): number =>
  place.states.get(name)?.changes.length ?? 0

const compareAndSet = mutantsOf('compare and set', {
  'writes whatever the base is': inSequences((sequence, name, place) => ({
    commit: async (change) => {
      const base = newestOf(place, name)
      append(place, name, { ...change, base, version: base + 1 }, change.document())
      return sequence.commit({ ...change, base: base + 2, version: base + 3 }).then(() => ({
        committed: true,
      }))
    },
  })),
  'acknowledges and writes nothing': inSequences(() => ({
    commit: async () => ({ committed: true }),
  })),
  'compares, waits, and writes': inSequences((_, name, place) => ({
    commit: async (change) => {
      const newest = newestOf(place, name)
      if (change.base !== newest) return { committed: false, newest }
      await setImmediate()
      append(place, name, change, change.document())
      return { committed: true }
    },
  })),
  'accepts a base above the newest': inSequences((sequence, name, place) => ({
    commit: async (change) => {
      const base = Math.min(change.base, newestOf(place, name))
      return sequence.commit({ ...change, base, version: base + 1 })
    },
  })),
  'names the base of the loser as the newest': inSequences((sequence) => ({
    commit: async (change) => {
      const result = await sequence.commit(change)
      return result.committed ? result : { committed: false, newest: change.base }
    },
  })),
  'refuses everything after a conflict': inSequences((sequence, name, place) => {
    let hasLost = false
    return {
      commit: async (change) => {
        if (hasLost) return { committed: false, newest: newestOf(place, name) }
        const result = await sequence.commit(change)
        hasLost = !result.committed
        return result
      },
    }
  }),
})

const twoHandles = mutantsOf('two handles', {
  'shows each sequence its own commits alone': inSequences((sequence) => {
    let own: Snapshot | null = null
    return {
      commit: async (change) => {
        const result = await sequence.commit(change)
        const { version, schema, at, writer } = change
        own = { version, schema, at, writer, data: JSON.parse(change.document()) }
        return result
      },
      load: async (options) => own ?? sequence.load(options),
    }
  }),
  'loads once and remembers': inSequences((sequence) => {
    let loaded: Promise<Snapshot | null> | undefined
    return { load: (options) => (loaded ??= sequence.load(options)) }
  }),
  'knows only what it was told at opening': inSequences((sequence, name, place) => {
    let known = newestOf(place, name)
    return {
      commit: async (change) => {
        if (change.base !== known) return { committed: false, newest: known }
        known += 1
        return sequence.commit(change)
      },
    }
  }),
  'reads all but the newest change': inSequences((sequence) => ({
    read: async (since) => {
      const result = await sequence.read(since)
      return 'changes' in result ? { changes: result.changes.slice(0, -1) } : result
    },
  })),
  'leaves a change out': inSequences((sequence) => ({
    read: async (since) => {
      const result = await sequence.read(since)
      if (!('changes' in result) || result.changes.length < 3) return result
      return { changes: result.changes.toSpliced(1, 1) }
    },
  })),
  'reads the change of `since` too': inSequences((sequence) => ({
    read: (since) => sequence.read(Math.max(0, since - 1)),
  })),
})

const reopening = mutantsOf('re-opening', {
  'keeps its states in the handle': inBackends((backend, { states }) => ({
    close: async () => {
      await backend.close()
      states.clear()
    },
  })),
  'keeps its state in the sequence': inSequences((sequence, name, { states }) => ({
    close: async () => {
      await sequence.close()
      states.delete(name)
    },
  })),
  'believes a state new until it is loaded': inSequences((sequence, name, place) => {
    let isKnown = newestOf(place, name) === 0
    return {
      commit: async (change) =>
        isKnown ? sequence.commit(change) : { committed: false, newest: 0 },
      load: (options) => {
        isKnown = true
        return sequence.load(options)
      },
    }
  }),
})

const history = mutantsOf('history', {
  'gives the oldest first': inSequences((sequence) => ({
    async *history() {
      const result = await sequence.read(0)
      if ('changes' in result) yield* result.changes
    },
  })),
  'gives the newest alone': inSequences((sequence) => ({
    async *history() {
      for await (const change of sequence.history()) {
        yield change
        return
      }
    },
  })),
  'gives a version 0': inSequences((sequence) => ({
    async *history() {
      yield* sequence.history()
      yield { version: 0, schema: 0, data: null, at: null, writer: null }
    },
  })),
  'loses what the changes did': inSequences((sequence) => ({
    async *history() {
      for await (const item of sequence.history()) yield { ...item, patches: [] }
    },
  })),
  'answers although it claims no history': inBackends((backend) => ({
    capabilities: { ...backend.capabilities, history: false },
  })),
})

const turns = mutantsOf('turns', {
  'loses the result of the work': inSequences(() => ({
    inTurn: async (work) => {
      await work()
      return JSON.parse('null')
    },
  })),
  'wraps the error of the work': inSequences(() => ({
    inTurn: async (work) => {
      try {
        return await work()
      } catch (cause) {
        throw new Error('the turn failed', { cause })
      }
    },
  })),
  'lets a turn commit alone': inSequences((sequence, name) => {
    let isInTurn = false
    return {
      inTurn: async (work) => {
        isInTurn = true
        return work()
      },
      commit: async (change) => {
        if (!isInTurn) throw failure('LOCKED', name, { committed: false })
        return sequence.commit(change)
      },
    }
  }),
})

const after = (place: ListPlace, name: string, since: number): Change[] =>
  (place.states.get(name)?.changes ?? []).slice(since).map((text): Change => JSON.parse(text))

const peeking = mutantsOf('peeking', {
  'shows a part of what came first': inSequences((_, name, place) => ({
    peek: (since) => after(place, name, since).slice(0, -1),
  })),
  'shows the same objects each time': inSequences((sequence, name, place) => {
    const shown = new Map<number, Change[]>()
    const peek = (since: number): Change[] => {
      const changes = shown.get(since) ?? after(place, name, since)
      shown.set(since, changes)
      return changes
    }
    return {
      peek,
      read: async (since) => ({ ...(await sequence.read(since)), changes: peek(since) }),
    }
  }),
  'shows what came first when it is closed': inSequences((_, name, place) => ({
    peek: (since) => after(place, name, since),
  })),
})

const isDamaged = (place: ListPlace, name: string): boolean =>
  place.states.get(name)?.document === '{"cut'

const corruption = mutantsOf('corruption', {
  'takes corrupt for absent': inSequences((sequence) => ({
    load: async (options) => {
      try {
        return await sequence.load(options)
      } catch (error) {
        if (HoldfastError.is(error, 'CORRUPT')) return null
        throw error
      }
    },
  })),
  'takes an older document and does not say so': inSequences((sequence, name, place) => ({
    load: async (options) => {
      if (options?.onCorrupt !== 'previous' || !isDamaged(place, name))
        return sequence.load(options)
      return { version: 1, schema: 1, at: null, writer: null, data: 0 }
    },
  })),
  'does not list what it cannot read': inBackends((backend, place) => ({
    async *list(options) {
      for await (const name of backend.list(options)) if (!isDamaged(place, name)) yield name
    },
  })),
  'begins again over damaged bytes': inSequences((sequence, name, place) => ({
    commit: async (change) => {
      if (isDamaged(place, name)) place.states.delete(name)
      return sequence.commit(change)
    },
  })),
  'reads damaged bytes as nothing': inSequences((sequence, name, place) => ({
    read: async (since) => (isDamaged(place, name) ? { changes: [] } : sequence.read(since)),
  })),
  'cannot remove what it cannot read': inBackends((backend, place) => ({
    remove: async (name, options) => {
      if (isDamaged(place, name)) throw failure('CORRUPT', name)
      return backend.remove(name, options)
    },
  })),
})

/** The mutants of the sequence: its order, its past, and who sees it when. */
export const sequenceMutants: readonly Mutant[] = [
  ...compareAndSet,
  ...twoHandles,
  ...reopening,
  ...history,
  ...turns,
  ...peeking,
  ...corruption,
]
