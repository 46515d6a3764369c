import { openStore } from 'holdfast'
import { openCount, raise } from './count.ts'
import type { CounterKind } from './counter.ts'

/** The lockfile backend: who loses again and again has a turn. */
export const lockfileCounter: CounterKind = holdfastCounter('lockfile')

/** The journal alone: who loses a race tries again. */
export const journalCounter: CounterKind = holdfastCounter('journal')

/** A state for each process: what they could do on this machine if none ever met another. */
export const apartCounter: CounterKind = {
  name: 'holdfast lockfile, a state each',
  async open(directory) {
    const store = await openStore({ backend: 'lockfile', directory })
    const own = await openCount(store, `of-${process.pid}`)
    return {
      increment: () => raise(own),
      async read() {
        let sum = 0
        for await (const name of store.list()) sum += (await openCount(store, name)).value.value
        return sum
      },
      close: () => store.close(),
    }
  },
}

function holdfastCounter(backend: 'lockfile' | 'journal'): CounterKind {
  return {
    name: `holdfast ${backend}`,
    async open(directory) {
      const store = await openStore({ backend, directory })
      const state = await openCount(store, 'counter')
      return {
        increment: () => raise(state),
        read: async () => {
          await state.refresh()
          return state.value.value
        },
        close: () => store.close(),
      }
    },
  }
}
