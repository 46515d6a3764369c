import { expect, test } from 'vitest'
import { z } from 'zod'
import { copyState, type Json, type JsonObject, openStore, type Patch } from '../../src/index.ts'
import { Exchange } from '../support/exchange.ts'
import { type Book, bookSchema, openDesk, orderDefinition } from '../support/open-desk.ts'
import { held, ScriptedBackend, scriptedModule } from '../support/scripted-backend.ts'

const btc = { symbol: 'BTC', price: 64_000 }
const empty = (): Book => ({ orders: {}, filled: 0 })

/** The places of a process that left one intent open, `o-1`, and settled another, `o-0`. */
async function left(): Promise<{ backend: ScriptedBackend; exchange: Exchange }> {
  const places = { backend: new ScriptedBackend(), exchange: new Exchange() }
  const { order } = await openDesk(places)
  await order('o-0', btc)
  places.exchange.script.push('answer is lost')
  await order('o-1', btc).catch(() => {})
  return places
}

function sectionOf(backend: ScriptedBackend): JsonObject {
  return (backend.state().document as { $holdfast: JsonObject }).$holdfast
}

async function storeOn(backend: ScriptedBackend) {
  return openStore('scripted:', { backends: [scriptedModule(backend)] })
}

test('intents are no part of value, for a reader or a recipe', async () => {
  const { state } = await openDesk(await left())
  expect(Object.keys(state.value)).toEqual(['orders', 'filled'])
  await state.update((draft) => {
    expect(Object.keys(draft)).toEqual(['orders', 'filled'])
    expect('$holdfast' in draft).toBe(false)
  })
})

test('replacing the whole document keeps the intents, on disk as well', async () => {
  const places = await left()
  const before = sectionOf(places.backend)
  const { state } = await openDesk(places)
  await state.replace({ orders: { x: 1 }, filled: 7 })
  expect(sectionOf(places.backend)).toEqual(before)
  const after = await openDesk(places)
  expect(after.state.value).toEqual({ orders: { x: 1 }, filled: 7 })
  await expect(after.state.recover()).resolves.toMatchObject([{ id: 'o-1', outcome: 'found' }])
  expect(after.state.value.filled).toBe(8)
})

test('a migration sees no intents, keeps them, and its successor recovers them', async () => {
  const places = await left()
  const before = sectionOf(places.backend)
  const seen: string[][] = []
  const store = await storeOn(places.backend)
  const state = await store.open('bot', {
    schema: z.object({ all: z.array(z.string()), sum: z.number() }),
    version: 2,
    initial: () => ({ all: [], sum: 0 }),
    migrate: {
      2: (v1: Book) => {
        seen.push(Object.keys(v1))
        return { all: Object.keys(v1.orders), sum: v1.filled }
      },
    },
  })
  expect(seen).toEqual([['orders', 'filled']])
  expect(places.backend.state().document).toEqual({ all: ['o-0'], sum: 1, $holdfast: before })
  const { apply: _apply, ...definition } = orderDefinition(places.exchange)
  state.effect('order', {
    ...definition,
    apply: (draft, _result, _input, { id }) => void draft.all.push(id),
  })
  await expect(state.recover()).resolves.toMatchObject([{ id: 'o-1', outcome: 'found' }])
  expect(state.value.all).toEqual(['o-0', 'o-1'])
})

test('an input schema that was widened takes the intents that an older program left', async () => {
  const places = await left()
  const store = await storeOn(places.backend)
  const state = await store.open('bot', { schema: bookSchema, initial: empty })
  const input = z.object({ symbol: z.string(), price: z.number(), size: z.number().default(1) })
  const seen: unknown[] = []
  const order = state.effect('order', {
    ...orderDefinition(places.exchange),
    input,
    find: (key, given) => {
      seen.push(given)
      return places.exchange.find(key)
    },
  })
  await expect(order('o-1', { ...btc, size: 2 })).rejects.toMatchObject({ code: 'INVALID' })
  await expect(order('o-1', { ...btc, size: 1 })).resolves.toMatchObject({ status: 'filled' })
  await expect(order('o-0', { ...btc, size: 1 })).resolves.toMatchObject({ status: 'filled' })
  expect(seen).toEqual([{ ...btc, size: 1 }])
})

test('an input schema that does not take a stored input leaves the intent open', async () => {
  const places = await left()
  const { state } = await openDesk({
    ...places,
    definition: { input: z.object({ symbol: z.string(), price: z.number(), size: z.number() }) },
  })
  await expect(state.recover()).resolves.toMatchObject([
    { outcome: 'open', error: { code: 'OUTCOME_UNKNOWN', cause: { code: 'INVALID' } } },
  ])
  expect(places.exchange.asked).toEqual([])
})

test('a copy of a state has its intents, with their keys', async () => {
  const places = await left()
  const target = new ScriptedBackend()
  await copyState(places.backend, target, 'bot')
  const { state } = await openDesk({ backend: target, exchange: places.exchange })
  await expect(state.recover()).resolves.toMatchObject([{ id: 'o-1', outcome: 'found' }])
})

test.for(['schema', 'initial', 'update', 'replace', 'migration'])(
  'a %s that takes the reserved member for itself is refused, and nothing is written',
  async (by) => {
    const backend = new ScriptedBackend()
    const store = await storeOn(backend)
    const schema = z.record(z.string(), z.unknown())
    const open = { schema, initial: () => ({}) }
    const own = { $holdfast: 1 }
    let refused: Promise<unknown>
    if (by === 'schema') {
      const named = z.object({ $holdfast: z.unknown().optional() })
      refused = store.open('bot', { schema: named, initial: () => ({}) })
    } else if (by === 'initial') refused = store.open('bot', { schema, initial: () => own })
    else if (by === 'migration') {
      backend.state().landForeign([{ op: 'add', path: '', value: {} }])
      refused = store.open('bot', { ...open, version: 2, migrate: { 2: () => own } })
    } else {
      const state = await store.open('bot', open)
      const update = () => state.update((draft) => void Object.assign(draft, own))
      refused = by === 'update' ? update() : state.replace(own)
    }
    const code = by === 'schema' ? 'CONFIG' : 'INVALID'
    await expect(refused).rejects.toMatchObject({
      code,
      state: 'bot',
      message: expect.stringContaining('$holdfast'),
    })
    expect(backend.state().changes).toHaveLength(by === 'migration' ? 1 : 0)
  },
)

test('a document that is not an object cannot have effects, and becomes none while it has them', async () => {
  const store = await storeOn(new ScriptedBackend())
  const schema = z.union([z.array(z.number()), z.object({ n: z.number() })])
  const state = await store.open('bot', { schema, initial: () => [] as number[] | { n: number } })
  const { apply: _apply, ...definition } = orderDefinition(new Exchange())
  const order = state.effect('order', definition)
  await expect(order('o-1', btc)).rejects.toMatchObject({ code: 'INVALID', effect: undefined })
  await state.replace({ n: 1 })
  await order('o-1', btc)
  await expect(state.replace([1])).rejects.toMatchObject({ code: 'INVALID' })
  await state.replace({ n: 2 })
  await order('o-2', btc)
  expect(state.value).toEqual({ n: 2 })
})

test.for<[string, (section: JsonObject) => Patch[], string[]]>([
  ['nothing of the effects', () => [{ op: 'replace', path: '/filled', value: 5 }], ['o-1']],
  ['the intent away', () => [{ op: 'remove', path: '/$holdfast/effects/order:o-1' }], []],
  ['all effects away', () => [{ op: 'replace', path: '/$holdfast/effects', value: {} }], []],
  ['the member away', () => [{ op: 'remove', path: '/$holdfast' }], []],
  [
    'the whole document new, with them',
    ($holdfast) => [{ op: 'replace', path: '', value: { ...empty(), $holdfast } }],
    ['o-1'],
  ],
  [
    'the whole document new, without them',
    () => [{ op: 'replace', path: '', value: { orders: {}, filled: 0 } }],
    [],
  ],
  [
    'a result to it',
    () => [
      {
        op: 'add',
        path: '/$holdfast/effects/order:o-1/settled',
        value: { at: '2026-01-01T00:00:00.000Z', result: { status: 'filled', price: 3 } },
      },
    ],
    [],
  ],
])('another writer that makes %s is followed', async ([, patches, open]) => {
  const places = await left()
  const { state, stored } = await openDesk(places)
  stored.landForeign(patches(sectionOf(places.backend)))
  await state.refresh()
  expect(state.pending().map(({ id }) => id)).toEqual(open)
  await state.update((draft) => void draft.filled++)
  const again = await openDesk(places)
  expect(again.state.pending()).toEqual(state.pending())
  expect(again.state.value).toEqual(state.value)
})

test.for<[string, Json, string]>([
  ['is no object', 1, 'CORRUPT'],
  ['has no salt', { effects: {} }, 'CORRUPT'],
  ['has no effects', { salt: 's' }, 'CORRUPT'],
  ['has an effect that is none', { salt: 's', effects: { 'order:o-1': {} } }, 'CORRUPT'],
  ['has an effect without a name', { salt: 's', effects: { 'o-1': {} } }, 'CORRUPT'],
  ['has a member of a later version', { salt: 's', effects: {}, timers: {} }, 'NEWER_SCHEMA'],
  [
    'has an intent of a later version',
    {
      salt: 's',
      effects: {
        'order:o-1': { key: 'k', input: 1, at: '2026-01-01T00:00:00.000Z', attempts: 1, lease: 1 },
      },
    },
    'NEWER_SCHEMA',
  ],
])('a stored document whose reserved member %s is not opened', async ([, $holdfast, code]) => {
  const backend = new ScriptedBackend()
  backend.state().landForeign([{ op: 'add', path: '', value: { ...empty(), $holdfast } }])
  const error = await openDesk({ backend }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code, state: 'bot' })
  expect(String(error)).not.toContain('mend the schema')
})

test('the first commit of a state carries the document and the intent', async () => {
  const { order, stored, exchange } = await openDesk()
  const gate = held()
  let text = ''
  stored.answers.push((change, land) => {
    text = change.document()
    return gate.answer(change, land)
  })
  const ordering = order('o-1', btc)
  await gate.begun
  gate.release()
  await ordering
  const [key] = exchange.sent
  expect(JSON.parse(text)).toEqual({
    orders: {},
    filled: 0,
    $holdfast: {
      salt: expect.any(String),
      effects: { 'order:o-1': { key, input: btc, at: expect.any(String), attempts: 1 } },
    },
  })
  expect(stored.changes[0]?.patches).toEqual([{ op: 'add', path: '', value: JSON.parse(text) }])
})
