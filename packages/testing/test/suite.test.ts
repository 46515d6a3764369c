import { applyPatches, type Backend, type Json } from '@holdfast/core'
import { expect, it } from 'vitest'
import { backendConformance, pendingChange } from '../src/index.ts'
import { collectSuite, failuresOf } from './support/collected-suite.ts'
import { damage, failure, listPlace, type Mutation } from './support/list-backend.ts'
import { inBackends, inSequences } from './support/mutant.ts'

/** Backends that do what the contract leaves open in another way. */
const variants: Readonly<Record<string, Mutation>> = {
  'has no history': (backend, place) =>
    inSequences((sequence, name) => ({
      history: () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            await sequence.history()[Symbol.asyncIterator]().next()
            throw failure('UNSUPPORTED', name)
          },
        }),
      }),
    }))(withoutHistory(backend), place),
  'keeps no changes': inSequences((sequence) => ({
    read: async (since) => {
      const result = await sequence.read(since)
      if (!('changes' in result) || result.changes.length === 0) return result
      const snapshot = await sequence.load()
      return snapshot === null ? result : { snapshot }
    },
  })),
  'asks for no documents': inSequences((sequence, name, { states }) => ({
    commit: (change) => {
      const document = (): string => {
        const previous: Json = JSON.parse(states.get(name)?.document ?? 'null')
        return JSON.stringify(applyPatches(previous, change.patches))
      }
      return sequence.commit({ ...change, document })
    },
  })),
  'keeps ordinary names alone': inBackends((backend) => ({
    open: async (name, options) => {
      if (!/^[\w-][\w.-]{0,99}$/u.test(name) || name.endsWith('.')) throw failure('INVALID', name)
      return backend.open(name, options)
    },
  })),
  'gives turns': (backend, place) => {
    let last: Promise<unknown> = Promise.resolve()
    return inSequences(() => ({
      inTurn: (work) => {
        const turn = last.then(work)
        last = turn.catch(() => undefined)
        return turn
      },
    }))(backend, place)
  },
}

function withoutHistory(backend: Backend): Backend {
  return { ...backend, capabilities: { ...backend.capabilities, history: false } }
}

it.each(Object.entries(variants))('a backend that %s passes', async (_, mutation) => {
  const tests = collectSuite(() => listPlace(mutation), damage)
  expect(await failuresOf(tests)).toEqual(new Map())
})

it('every test has a title of its own', () => {
  const titles = collectSuite(() => listPlace(), damage).map(({ title }) => title)
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([])
})

it('the tests of damage are declared only for a place that can be damaged', () => {
  const topics = (tests: ReturnType<typeof collectSuite>): string[] => [
    ...new Set(tests.map(({ topic }) => topic)),
  ]
  const withDamage = topics(collectSuite(() => listPlace(), damage))
  expect(withDamage).toContain('corruption')
  expect(topics(collectSuite(() => listPlace()))).toEqual(
    withDamage.filter((topic) => topic !== 'corruption'),
  )
})

it('the name of the backend stands before each topic', () => {
  const titles: string[] = []
  backendConformance({
    describe: (title) => titles.push(title),
    it: () => expect.unreachable(),
    name: 'postgres',
    setup: () => listPlace(),
  })
  expect(titles).toContain('postgres: compare and set')
  expect(titles.every((title) => title.startsWith('postgres: '))).toBe(true)
})

it.each(['passes', 'fails'])(
  'a place is disposed of once, handles closed, when a test %s',
  async (how) => {
    const calls: string[] = []
    const setup = (): ReturnType<typeof listPlace> => {
      const place = listPlace((backend) => ({
        ...backend,
        ...(how === 'fails' ? { location: '' } : {}),
        close: async () => void calls.push('close'),
      }))
      return { ...place, dispose: async () => void calls.push('dispose') }
    }
    const tests = collectSuite(setup).filter(({ title }) => title.includes('say where they are'))
    expect((await failuresOf(tests)).size).toBe(how === 'fails' ? 1 : 0)
    expect(calls).toEqual(['close', 'dispose'])
  },
)

it('a handle that cannot be closed fails the test that opened it', async () => {
  const setup = (): ReturnType<typeof listPlace> =>
    listPlace((backend) => ({ ...backend, close: () => Promise.reject(failure('IO')) }))
  const tests = collectSuite(setup).filter(({ title }) => title.includes('say where they are'))
  expect((await failuresOf(tests)).size).toBe(1)
})

it('a pending change reads its document when it is asked, with the indent that is asked for', () => {
  const data = { a: [1] }
  const change = pendingChange({ base: 3, data })
  data.a.push(2)
  expect(change.document()).toBe('{"a":[1,2]}')
  expect(change.document(2)).toBe(JSON.stringify(data, null, 2))
  expect(change).toMatchObject({ base: 3, version: 4, schema: 1 })
})

it.each<[string, Json, Json, number]>([
  ['one key', { a: 1, b: 2 }, { a: 1, b: 3 }, 1],
  ['keys added and removed', { a: 1, b: 2 }, { b: 2, 'c/~d': 3 }, 2],
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, 1],
  ['a key that counts as an index', { a: 1 }, { 1: 0, a: 1 }, 1],
  ['nothing', { a: 1 }, { a: 1 }, 0],
  ['an array', [1, 2], [1, 3], 1],
  ['the kind', { a: 1 }, null, 1],
])('patches that change %s make the next document', (_, previous, next, count) => {
  const { patches } = pendingChange({ base: 1, data: next, previous })
  expect(patches).toHaveLength(count)
  const text = JSON.stringify(applyPatches(structuredClone(previous), patches))
  expect(text).toBe(JSON.stringify(next))
})
