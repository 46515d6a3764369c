// Checked by the compiler, never run: each directive fails the type check where there is no error.
import { z } from 'zod'
import {
  bigintText,
  dateText,
  decimal,
  HoldfastError,
  openStore,
  type BackendModule,
  type DeepReadonly,
  type EffectDefinition,
  type ErrorCode,
  type OpenOptions,
  type PendingIntent,
  type State,
  type StateChange,
  type Store,
  type Version,
} from '../src/index.ts'
import { must } from './support/must.ts'

/** Compiles only where both types are the same. */
// oxlint-disable typescript/no-unnecessary-type-parameters -- this is how types are compared exactly
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

// oxlint-enable typescript/no-unnecessary-type-parameters

function assertSame<A, B>(
  ..._isSame: Same<A, B> extends true ? [] : ['these types differ']
): void {}

const schema = z.object({
  positions: z.record(z.string(), z.object({ quantity: decimal, opened: dateText })),
  fills: z.array(z.object({ price: z.number() })),
  sequence: bigintText,
  pair: z.tuple([z.string(), z.number()]),
  note: z.string().optional(),
  retries: z.number().default(3),
})

interface Document {
  positions: Record<string, { quantity: string; opened: Date }>
  fills: { price: number }[]
  sequence: bigint
  pair: [string, number]
  note?: string | undefined
  retries: number
}

const initial = (): Document => ({
  positions: {},
  fills: [],
  sequence: 0n,
  pair: ['', 0],
  retries: 0,
})

declare const modules: readonly BackendModule[]
const store: Store = await openStore('memory:', { backends: modules })
const state = await store.open('bot', { schema, initial })

// A state has the type that its schema decodes to, defaults filled in.
assertSame<typeof state, State<z.output<typeof schema>>>()
assertSame<(typeof state)['value'], DeepReadonly<z.output<typeof schema>>>()
assertSame<(typeof state.value)['sequence'], bigint>()
assertSame<(typeof state.value)['retries'], number>()
assertSame<(typeof state.value.fills)[number]['price'], number>()
assertSame<NonNullable<(typeof state.value.positions)[string]>['opened'], Date>()
assertSame<(typeof state.value)['pair'], readonly [string, number]>()
const typed: State<Document> = state
void typed

// @ts-expect-error a member of `value` cannot be assigned
state.value.sequence = 1n
// @ts-expect-error nor one further down
must(state.value.fills[0]).price = 1
// @ts-expect-error an array of `value` has no push
state.value.fills.push({ price: 1 })
// @ts-expect-error nor can it be sorted in place
state.value.fills.sort((a, b) => a.price - b.price)
// @ts-expect-error an element cannot be assigned
state.value.fills[0] = { price: 1 }
// @ts-expect-error a tuple of `value` cannot be changed
state.value.pair[0] = 'x'
// @ts-expect-error an entry of a record cannot be written
state.value.positions['BTC'] = { quantity: '1', opened: new Date() }
// @ts-expect-error nor deleted
delete state.value.positions['BTC']
// @ts-expect-error `value` itself cannot be assigned
state.value = initial()
// @ts-expect-error the version cannot be set
state.version = 1
// @ts-expect-error a key of a record may be missing
console.assert(state.value.positions['BTC'].quantity)

// The result of an update is what its recipe returns.
assertSame<Awaited<ReturnType<typeof returnsNumber>>, number>()
const returnsNumber = () => state.update((draft) => draft.fills.length)
assertSame<Awaited<ReturnType<typeof returnsNothing>>, undefined>()
const returnsNothing = () => state.update((draft) => void draft.fills.pop())
assertSame<Awaited<ReturnType<typeof returnsPart>>, Date | undefined>()
const returnsPart = () => state.update((draft) => draft.positions['BTC']?.opened)

await state.update((draft) => {
  draft.sequence += 1n
  draft.positions['BTC'] = { quantity: '1', opened: new Date() }
  draft.fills.push({ price: 1 })
  draft.pair[1] = 2
  delete draft.note
  // @ts-expect-error a field that the schema does not have
  draft.unknown = 1
  // @ts-expect-error a field of the wrong type
  draft.retries = 'three'
  // @ts-expect-error in memory it is a bigint, not the digits that are stored
  draft.sequence = '1'
  // @ts-expect-error in memory it is a Date, not the text that is stored
  draft.positions['BTC'].opened = '2026-01-01T00:00:00.000Z'
  // @ts-expect-error a part of it is missing
  draft.positions['ETH'] = { quantity: '1' }
  // @ts-expect-error a field that is required cannot be deleted
  delete draft.retries
})

// @ts-expect-error an asynchronous recipe: what it does after `await` would be lost
await state.update(async (draft) => draft.retries)
// @ts-expect-error nor one that returns a promise
await state.update((draft) => Promise.resolve(draft.retries))
// @ts-expect-error nor one that may return a promise
await state.update((draft) => (draft.retries > 1 ? draft.retries : Promise.resolve(1)))

await state.replace(initial())
// @ts-expect-error the whole document has to be there
await state.replace({ positions: {} })
// @ts-expect-error `value` is read-only and cannot be taken for a document
await state.replace(state.value)

state.subscribe((change) => assertSame<typeof change, StateChange>())
assertSame<Awaited<ReturnType<typeof state.refresh>>, Version>()

// Effects.
const order = state.effect('order', {
  input: z.object({ quantity: bigintText }),
  result: z.object({ at: dateText }),
  run: ({ quantity }, { key, signal, attempt }) => {
    assertSame<typeof quantity, bigint>()
    assertSame<[typeof key, typeof signal, typeof attempt], [string, AbortSignal, number]>()
    return { at: new Date() }
  },
  find: async (key, { quantity }) => {
    assertSame<[typeof key, typeof quantity], [string, bigint]>()
    return { found: { at: new Date() } }
  },
  apply: (draft, { at }, { quantity }, { id }) => {
    draft.positions[id] = { quantity: String(quantity), opened: at }
  },
})
assertSame<Awaited<ReturnType<typeof order>>, { at: Date }>()
await order('id', { quantity: 1n }, { signal: AbortSignal.timeout(1) })
// @ts-expect-error an input is in its decoded form
await order('id', { quantity: '1' })
// @ts-expect-error an effect has an id
await order({ quantity: 1n })
declare const base: EffectDefinition<Document, z.ZodNumber, z.ZodString>
state.effect('base', base)
// @ts-expect-error the result is of the result's schema
state.effect('wrong', { ...base, run: () => 1 })
// @ts-expect-error there is no finding of that kind
state.effect('wrong', { ...base, find: () => 'missing' })
// @ts-expect-error nothing found is told as absent or unknown
state.effect('wrong', { ...base, find: () => undefined })
// @ts-expect-error an asynchronous apply: what it does after `await` would be lost
state.effect('wrong', { ...base, apply: async (draft) => void draft.fills.pop() })
// @ts-expect-error without find an open intent could never be settled
state.effect('wrong', { input: z.number(), result: z.string(), run: () => '' })
assertSame<ReturnType<typeof state.pending>, PendingIntent[]>()

// Options.
await store.open('bot', {
  schema,
  initial,
  version: 2,
  migrate: { 2: (v1) => v1.anything },
  onCorrupt: 'previous',
})
// @ts-expect-error the initial document has to fit the schema
await store.open('bot', { schema, initial: () => ({ positions: {} }) })
// @ts-expect-error its members are decoded ones
await store.open('bot', { schema, initial: () => ({ ...initial(), sequence: '0' }) })
// @ts-expect-error it is made synchronously
await store.open('bot', { schema, initial: async () => initial() })
// @ts-expect-error there is no such option
await store.open('bot', { schema, initial, versoin: 2 })
// @ts-expect-error a document needs an initial form
await store.open('bot', { schema })
// @ts-expect-error corrupt is an error or the previous one, never empty
await store.open('bot', { schema, initial, onCorrupt: 'initial' })
// @ts-expect-error migrations are keyed by the schema version that they produce
await store.open('bot', { schema, initial, migrate: { second: () => ({}) } })
// @ts-expect-error the version is a number
await store.open('bot', { schema, initial, version: '2' })
// @ts-expect-error backends are named
await openStore('memory:')
// @ts-expect-error the object form names its backend
await openStore({ directory: './state' }, { backends: modules })

const options: OpenOptions<typeof schema> = { schema, initial }
assertSame<ReturnType<typeof options.initial>, z.output<typeof schema>>()

// Errors are told apart by code.
const error: unknown = undefined
if (HoldfastError.is(error, 'CONFLICT')) assertSame<(typeof error)['code'], ErrorCode>()
// @ts-expect-error there is no such code
HoldfastError.is(error, 'CONFLICTS')
