import { expect, test } from 'vitest'
import { z } from 'zod'
import { type BackendModule, HoldfastError, openStore, type StoreConfig } from '../src/index.ts'
import { ScriptedBackend, scriptedModule } from './support/scripted-backend.ts'

interface Tried {
  readonly module: BackendModule
  readonly given: unknown[]
}

/** A module that notes the options it is opened with. */
function moduleWith(options: z.ZodType, name = 'place'): Tried {
  const given: unknown[] = []
  const module: BackendModule = {
    name,
    schemes: [name, `${name}s`],
    options,
    fromUrl: ({ path, query }) => ({ directory: path, ...query }),
    open: (checked) => {
      given.push(checked)
      return Promise.resolve(new ScriptedBackend())
    },
  }
  return { module, given }
}

const options = z.strictObject({
  directory: z.string().min(1),
  keep: z.int().min(0).default(1),
  ratio: z.number().optional(),
  envelope: z.boolean().optional(),
  label: z.string().optional(),
  mode: z.union([z.string(), z.number()]).optional(),
  wait: z.union([z.literal('forever'), z.number()]).optional(),
  // A column of digits that is text: it must stay what it is.
  code: z.string().regex(/^\d+$/).optional(),
})

async function refusal(
  config: StoreConfig,
  modules: readonly BackendModule[],
): Promise<HoldfastError> {
  const error = await openStore(config, { backends: modules }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!HoldfastError.is(error, 'CONFIG')) throw new Error('it was not refused', { cause: error })
  return error
}

test.each([
  ['place:./a?keep=3', { directory: './a', keep: 3 }],
  ['place:./a', { directory: './a', keep: 1 }],
  ['PLACES:a?ratio=-0.5&envelope=false', { directory: 'a', keep: 1, ratio: -0.5, envelope: false }],
  ['place:a?label=12&code=007', { directory: 'a', keep: 1, label: '12', code: '007' }],
  ['place:a?label=true', { directory: 'a', keep: 1, label: 'true' }],
  ['place:a?mode=0640&wait=7', { directory: 'a', keep: 1, mode: '0640', wait: 7 }],
  ['place:a?wait=forever', { directory: 'a', keep: 1, wait: 'forever' }],
  [
    { backend: 'place', directory: 'a', keep: 3 },
    { directory: 'a', keep: 3 },
  ],
])('%j opens the backend with its options, typed', async (config, expected) => {
  const { module, given } = moduleWith(options)
  await using store = await openStore(config, { backends: [module] })
  expect(store.location).toBe('scripted:')
  expect(given).toEqual([expected])
})

test('options behind a refinement, a transform or in zod/mini are typed all the same', async () => {
  const inner = z.strictObject({ directory: z.string(), keep: z.number() })
  for (const schema of [
    inner.refine(({ keep }) => keep > 0),
    inner.transform((value) => ({ ...value })),
    inner.readonly(),
  ]) {
    const { module, given } = moduleWith(schema)
    await using store = await openStore('place:a?keep=3', { backends: [module] })
    expect(store.location).toBe('scripted:')
    expect(given).toEqual([{ directory: 'a', keep: 3 }])
  }
})

test.each([
  ['place:a?kepe=3', /kepe.*Options of "place": directory, keep/],
  [{ backend: 'place', directory: 'a', kepe: 3 }, /kepe.*Options of "place": directory, keep/],
  ['place:a?keep=many', /keep: /],
  ['place:a?keep=', /keep: /],
  ['place:a?keep=1e3', /keep: /],
  ['place:a?keep=0x10', /keep: /],
  ['place:a?keep=-1', /keep: /],
  ['place:a?envelope=yes', /envelope: /],
  ['place:a?__proto__=x', /__proto__/],
  ['place:', /directory: /],
  [{ backend: 'place' }, /directory: /],
  [{ backend: 'place', directory: 'a', keep: '3' }, /keep: /],
])('%j is refused before anything is opened', async (config, message) => {
  const { module, given } = moduleWith(options)
  const error = await refusal(config, [module])
  expect(error.message).toMatch(message)
  expect(given).toEqual([])
})

test.each(['', 'state', undefined, null, 5, [], {}, { backend: 5 }, new URL('place:a')])(
  '%j is no configuration, and the error shows both forms of one',
  async (config) => {
    const error = await refusal(config as StoreConfig, [moduleWith(options).module])
    expect(error.message).toMatch(/"file:\.\/state"/)
  },
)

test('an unknown backend is an error that lists the known ones, in both forms', async () => {
  const modules = [moduleWith(options, 'one').module, moduleWith(options, 'two').module]
  for (const config of ['three:a', { backend: 'three' }, { backend: 'one:' }]) {
    expect((await refusal(config, modules)).message).toMatch(/one:, ones:, two:, twos:.*backends/)
  }
  expect((await refusal('three:a', [])).message).toContain('No backend is known')
})

test('a backend that cannot be opened is an error, and no other is tried', async () => {
  const failure = new Error('no such host')
  const failing: BackendModule = {
    ...moduleWith(options).module,
    open: () => Promise.reject(failure),
  }
  const other = moduleWith(options, 'other')
  const same = moduleWith(options)
  await expect(
    openStore('place:a', { backends: [failing, other.module, same.module] }),
  ).rejects.toBe(failure)
  expect([...other.given, ...same.given]).toEqual([])
})

test("a third party's module works by its URL and by its name", async () => {
  const backend = new ScriptedBackend()
  for (const config of ['scripted:', { backend: 'scripted' }]) {
    await using store = await openStore(config, { backends: [scriptedModule(backend)] })
    await using state = await store.open('bot', { schema: z.number(), initial: () => 0 })
    await state.replace(state.value + 1)
  }
  expect(backend.state().document).toBe(2)
})
