import { HoldfastError } from '@holdfast/core'
import { failure } from './list-backend.ts'
import { inBackends, inSequences, mutantsOf, type Mutant } from './mutant.ts'

let handles = 0

const declarations = mutantsOf('declarations', {
  'claims a durability of its own': inBackends(({ capabilities }) => ({
    capabilities: { ...capabilities, durability: JSON.parse('"fsync"') },
  })),
  'claims another thing with each handle': inBackends(({ capabilities }) => {
    handles += 1
    return { capabilities: { ...capabilities, history: handles % 2 === 0 } }
  }),
  'does not say where it is': inBackends(() => ({ location: '' })),
})

const closing = mutantsOf('closing', {
  'leaves a closed sequence open': inSequences(() => ({
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  })),
  'leaves a closed backend open': inBackends(() => ({
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  })),
  'leaves the sequences of a closed backend open': inBackends((backend) => {
    let isClosed = false
    const close = async (): Promise<void> => {
      isClosed = true
    }
    return {
      open: async (name, options) => {
        if (isClosed) throw failure('CLOSED', name)
        return backend.open(name, options)
      },
      close,
      [Symbol.asyncDispose]: close,
    }
  }),
  'closes the backend with a sequence': inBackends((backend) => ({
    open: async (name, options) => ({
      ...(await backend.open(name, options)),
      close: () => backend.close(),
    }),
  })),
  'cannot be closed twice': inSequences((sequence, name) => {
    let isClosed = false
    const closeOnce = async (): Promise<void> => {
      if (isClosed) throw failure('CLOSED', name)
      isClosed = true
      await sequence.close()
    }
    return { close: closeOnce, [Symbol.asyncDispose]: closeOnce }
  }),
  'does not wait for a commit when a sequence is closed': inSequences((sequence) => ({
    close: async () => void sequence.close(),
  })),
  'does not wait for a commit when a backend is closed': inBackends((backend) => ({
    close: async () => void backend.close(),
  })),
  'does not say whether a refused commit counts': inSequences((sequence, name) => ({
    commit: async (change) => {
      try {
        return await sequence.commit(change)
      } catch (error) {
        if (HoldfastError.is(error, 'CLOSED')) throw failure('CLOSED', name)
        throw error
      }
    },
  })),
  'refuses with an error of its own': inSequences((sequence) => ({
    load: async (options) => {
      try {
        return await sequence.load(options)
      } catch (cause) {
        throw new Error('closed', { cause })
      }
    },
  })),
})

const removing = mutantsOf('removing', {
  'ignores a removal': inBackends(() => ({ remove: async () => undefined })),
  'refuses to remove what is not there': inBackends((backend, { states }) => ({
    remove: async (name, options) => {
      if (!states.has(name)) throw failure('IO', name)
      await backend.remove(name, options)
    },
  })),
  'removes every state': inBackends((_, { states }) => ({ remove: async () => states.clear() })),
  'brings a removed state back when it is closed': inBackends((backend, { states }) => {
    const removed = new Map<string, Parameters<typeof states.set>[1]>()
    return {
      remove: async (name, options) => {
        const state = states.get(name)
        if (state !== undefined) removed.set(name, state)
        await backend.remove(name, options)
      },
      close: async () => {
        for (const [name, state] of removed) states.set(name, state)
        await backend.close()
      },
    }
  }),
  'reads nothing new after going back': inSequences((sequence) => ({
    read: async (since) => {
      const result = await sequence.read(since)
      return 'snapshot' in result && result.snapshot.version < since ? { changes: [] } : result
    },
  })),
})

const hints = mutantsOf('hints', {
  'never hints': inSequences(() => ({ onHint: () => ({ [Symbol.dispose]: () => undefined }) })),
  'hints to the last listener alone': inSequences((sequence) => {
    let last: Disposable | undefined
    return {
      onHint: (listener) => {
        last?.[Symbol.dispose]()
        last = sequence.onHint(listener)
        return last
      },
    }
  }),
  'cannot end a listener': inSequences((sequence) => ({
    onHint: (listener) => {
      sequence.onHint(listener)
      return { [Symbol.dispose]: () => undefined }
    },
  })),
  'ends every listener that is the same function': inSequences((_, _name, { listeners }) => ({
    onHint: (listener) => {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  })),
  'hints to closed sequences': inSequences((_, _name, { listeners }) => ({
    onHint: (listener) => {
      const own = (): void => listener()
      listeners.add(own)
      return { [Symbol.dispose]: () => void listeners.delete(own) }
    },
  })),
})

const aborting = mutantsOf('aborting', {
  'ignores signals': (backend) => ({
    ...backend,
    open: async (name) => {
      const sequence = await backend.open(name)
      return { ...sequence, load: () => sequence.load() }
    },
    list: () => backend.list(),
    remove: (name) => backend.remove(name),
  }),
  'takes every signal for an aborted one': inBackends((backend) => ({
    open: async (name, options) => {
      if (options?.signal !== undefined) throw new Error('aborted')
      return backend.open(name)
    },
  })),
})

/** The mutants of the handle: what it declares, opens, removes, hints at and closes. */
export const handleMutants: readonly Mutant[] = [
  ...declarations,
  ...closing,
  ...removing,
  ...hints,
  ...aborting,
]
