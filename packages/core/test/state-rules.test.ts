import { expect, test } from 'vitest'
import { z } from 'zod'
import { HoldfastError, openStore, type State } from '../src/index.ts'
import { type Counter, openCounter } from './support/open-counter.ts'
import { failing, held, ScriptedBackend, scriptedModule } from './support/scripted-backend.ts'

test('rule 1: recipes are synchronous, run one at a time in call order, and one that throws changes nothing', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => {
    draft.m = { a: 1, b: 2 }
  })
  const order: number[] = []
  const boom = new Error('boom')
  const before = JSON.stringify(state.value)
  const settled = await Promise.allSettled([
    state.update((draft) => {
      order.push(1)
      draft.log.push('one')
    }),
    state.update((draft) => {
      order.push(2)
      delete draft.m['a']
      draft.log.push('two')
      throw boom
    }),
    state.update((draft) => {
      order.push(3)
      draft.log.push(`three after ${draft.log.join()}`)
    }),
  ])
  expect(order).toEqual([1, 2, 3])
  expect(settled.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(settled[1]).toMatchObject({ reason: boom })
  expect(stored.document).toEqual({ n: 0, log: ['one', 'three after one'], m: { a: 1, b: 2 } })
  expect(JSON.stringify(state.value)).toBe(before.replace('[]', '["one","three after one"]'))

  const asynchronous = (async (draft: Counter) => {
    draft.n = 99
    await Promise.resolve()
    draft.n = 100
  }) as unknown as (draft: Counter) => void
  const refused = await state.update(asynchronous).catch((error: unknown) => error)
  expect(HoldfastError.is(refused, 'INVALID')).toBe(true)
  expect(state.value.n).toBe(0)
})

test('rule 1: a recipe runs again after a conflict, on what the other writer left', async () => {
  const { state, stored } = await openCounter()
  await state.update((draft) => void draft.n++)
  stored.landForeign([{ op: 'replace', path: '/n', value: 41 }])
  let runs = 0
  const result = await state.update((draft) => {
    runs++
    return ++draft.n
  })
  expect([runs, result, state.value.n, state.version]).toEqual([2, 42, 42, 3])
  expect(stored.document).toMatchObject({ n: 42 })
})

test('an update from within a check of the schema is refused, and changes nothing', async () => {
  const inner: Promise<unknown>[] = []
  const backend = new ScriptedBackend()
  const store = await openStore('scripted:', { backends: [scriptedModule(backend)] })
  let isArmed = false
  const schema = z.object({ n: z.number() }).refine(() => {
    if (isArmed)
      inner.push(state.update((draft) => (draft.n = 99)).catch((error: unknown) => error))
    isArmed = false
    return true
  })
  const state: State<{ n: number }> = await store.open('bot', { schema, initial: () => ({ n: 0 }) })
  isArmed = true
  await state.update((draft) => (draft.n = 1))
  expect(await Promise.all(inner)).toMatchObject([{ code: 'INVALID' }])
  expect(backend.state().document).toEqual({ n: 1 })
})

test('rule 2: updates made while a commit is in flight are gathered into the next one', async () => {
  const { state, stored } = await openCounter()
  const first = held()
  stored.answers.push(first.answer)
  const updates = [state.update((draft) => void draft.n++)]
  await first.begun
  for (let count = 0; count < 20; count++) updates.push(state.update((draft) => void draft.n++))
  first.release()
  await Promise.all(updates)
  expect(stored.changes.length).toBe(2)
  expect(stored.document).toMatchObject({ n: 21 })
})

test('rule 2: updates of one turn of the event loop are one commit', async () => {
  const { state, stored } = await openCounter()
  await Promise.all([state.update((draft) => ++draft.n), state.update((draft) => ++draft.n)])
  expect(stored.changes).toHaveLength(1)
})

test('rule 2: 64 updates at once make at most 3 commits', async () => {
  const { state, stored } = await openCounter()
  await Promise.all(Array.from({ length: 64 }, () => state.update((draft) => ++draft.n)))
  expect(state.value.n).toBe(64)
  expect(stored.changes.length).toBeLessThanOrEqual(3)
})

test('rule 2: each caller settles on its own commit and does not wait for later ones', async () => {
  const { state, stored } = await openCounter()
  const second = held()
  stored.answers.push((_change, land) => Promise.resolve(land()), second.answer)
  const early = state.update((draft) => ++draft.n)
  const late = early.then(() => state.update((draft) => ++draft.n))
  await second.begun
  await expect(early).resolves.toBe(1)
  expect(state.value.n).toBe(2)
  second.release()
  await expect(late).resolves.toBe(2)
})

test('rule 2: a caller does not inherit the error of an earlier or a later commit', async () => {
  const { state, stored } = await openCounter()
  const first = held()
  stored.answers.push(first.answer, failing('NO_SPACE'))
  const one = state.update((draft) => void draft.log.push('one'))
  await first.begun
  const two = state.update((draft) => void draft.log.push('two'))
  first.release()
  await one
  await expect(two).rejects.toMatchObject({ code: 'NO_SPACE', committed: false })
  await state.update((draft) => void draft.log.push('three'))
  expect(state.value.log).toEqual(['one', 'three'])
  expect(stored.document).toMatchObject({ log: ['one', 'three'] })
})

test('rule 2: when a commit fails, the updates that waited behind it are done again without it', async () => {
  const { state, stored } = await openCounter()
  const first = held()
  stored.answers.push(async (change, land) => {
    await first.answer(change, land).catch(() => {})
    stored.changes.length = 0
    throw new HoldfastError('IO', 'as scripted', { committed: false })
  })
  const one = state.update((draft) => (draft.n += 10))
  await first.begun
  const two = state.update((draft) => (draft.n += 1))
  expect(state.value.n).toBe(11)
  first.release()
  await expect(one).rejects.toMatchObject({ code: 'IO' })
  await expect(two).resolves.toBe(1)
  expect(stored.document).toMatchObject({ n: 1 })
})

test('rule 2: an update that fails its schema fails alone', async () => {
  const { state, stored } = await openCounter()
  const results = await Promise.allSettled([
    state.update((draft) => void draft.log.push('good')),
    state.update((draft) => {
      draft.n = 'bad' as unknown as number
    }),
    state.update((draft) => void draft.log.push('also good')),
  ])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { code: 'INVALID', state: 'bot', committed: false } })
  expect(stored.document).toEqual({ n: 0, log: ['good', 'also good'], m: {} })
})

test('rule 3: nothing is written before there is something to write', async () => {
  const { state, stored } = await openCounter()
  await state.update(() => 'nothing')
  await state.refresh()
  await state.close()
  expect(stored.calls.filter((call) => call === 'commit')).toEqual([])
  expect(stored.document).toBeUndefined()
})

test('rule 4, item 2: documents are JSON, and what is not is refused with its path', async () => {
  const { state, stored } = await openCounter()
  const values: [unknown, string][] = [
    [undefined, 'undefined'],
    [() => {}, 'function'],
    [Symbol('s'), 'symbol'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [-0, '-0'],
    [new Map(), 'Map'],
    [10n, 'bigint'],
  ]
  for (const [value, word] of values) {
    const update = state.update((draft) => {
      draft.m['x'] = value as number
    })
    const error = (await update.catch((reason: unknown) => reason)) as HoldfastError
    expect(HoldfastError.is(error, 'INVALID'), word).toBe(true)
    expect(error.issues[0]?.path, word).toBe('/m/x')
  }
  expect(state.value).toEqual({ n: 0, log: [], m: {} })
  expect(stored.document).toBeUndefined()
})

test('rule 4: zod codecs are honoured leaf by leaf: decoded in memory, encoded on disk', async () => {
  const backend = new ScriptedBackend()
  const store = await openStore('scripted:', { backends: [scriptedModule(backend)] })
  const instant = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })
  const schema = z.object({ seen: z.record(z.string(), instant) })
  const state = await store.open('bot', { schema, initial: () => ({ seen: {} }) })
  const now = new Date(1e12)
  await state.update((draft) => {
    draft.seen['a'] = now
  })
  now.setTime(0)
  expect(state.value.seen['a']).toEqual(new Date(1e12))
  expect(backend.state().document).toEqual({ seen: { a: '2001-09-09T01:46:40.000Z' } })
})

test('rule 5: values put into a draft are copied, and nothing outside aliases the state', async () => {
  const { state, stored } = await openCounter()
  const log = ['mine']
  const returned = await state.update((draft) => {
    draft.log = log
    log.push('inside the recipe')
    return draft.log
  })
  log.push('outside')
  returned.push('through the result')
  expect(state.value.log).toEqual(['mine'])
  const next = { n: 1, log: ['next'], m: {} }
  const replaced = state.replace(next)
  next.log.push('after the call')
  await replaced
  expect(stored.document).toEqual({ n: 1, log: ['next'], m: {} })
  const told: unknown[] = []
  state.subscribe((change) => told.push(change.patches))
  await state.update((draft) => {
    draft.m = { k: 1 }
  })
  await state.update((draft) => {
    draft.m['k'] = 2
  })
  expect(told[0]).toEqual([{ op: 'replace', path: '/m', value: { k: 1 } }])
})

test('rule 5: __proto__ and friends are data or refused, never prototypes', async () => {
  const { state } = await openCounter()
  const hostile = JSON.parse('{"__proto__":{"polluted":1}}') as Record<string, number>
  const put = state.update((draft) => {
    draft.m = hostile
  })
  await expect(put).rejects.toMatchObject({ code: 'INVALID' })
  await state.update((draft) => {
    draft.m['constructor'] = 1
    draft.m['toString'] = 2
  })
  expect(Object.keys(state.value.m)).toEqual(['constructor', 'toString'])
  expect((Object.prototype as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('rule 6: the library adds no signal handler and no exit hook', async () => {
  const events = [
    'exit',
    'beforeExit',
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'uncaughtException',
    'unhandledRejection',
  ]
  const before = events.map((event) => process.listenerCount(event))
  const { state } = await openCounter()
  await state.update((draft) => void draft.n++)
  expect(events.map((event) => process.listenerCount(event))).toEqual(before)
})
