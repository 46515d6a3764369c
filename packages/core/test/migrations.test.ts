import { expect, onTestFinished, test } from 'vitest'
import { channel } from 'node:diagnostics_channel'
import { z } from 'zod'
import { must } from './support/must.ts'
import { HoldfastError, openStore, type Json, type OpenOptions } from '../src/index.ts'
import { bigintText } from '../src/codecs.ts'
import {
  held,
  losingTheAnswer,
  failing,
  ScriptedBackend,
  scriptedModule,
  type ScriptedState,
} from './support/scripted-backend.ts'

const schema = z.object({ pnl: z.string(), count: bigintText })
const migrate: OpenOptions<typeof schema>['migrate'] = {
  2: (v1: { pnl: number }) => ({ pnl: String(v1.pnl) }),
  3: (v2: { pnl: string }) => ({ ...v2, count: '0' }),
}
const newest = { schema, version: 3, initial: () => ({ pnl: '0', count: 0n }), migrate }

/** A backend on which `bot` was written once, with `data` under schema version `version`. */
function writtenAs(
  version: number,
  data: Json,
): { backend: ScriptedBackend; stored: ScriptedState } {
  const backend = new ScriptedBackend()
  const stored = backend.state()
  stored.landForeign([{ op: 'add', path: '', value: data }], version)
  return { backend, stored }
}

function bare(data: Json): { backend: ScriptedBackend; stored: ScriptedState } {
  const backend = new ScriptedBackend()
  const stored = backend.state()
  stored.bare = { version: 0, schema: 0, data, at: null, writer: null }
  return { backend, stored }
}

async function open<Schema extends z.ZodType>(
  backend: ScriptedBackend,
  options: OpenOptions<Schema>,
) {
  const store = await openStore('scripted:', { backends: [scriptedModule(backend)] })
  return store.open('bot', options)
}

async function refusal<Schema extends z.ZodType>(
  backend: ScriptedBackend,
  options: OpenOptions<Schema>,
): Promise<HoldfastError> {
  const error = await open(backend, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!HoldfastError.is(error)) throw new Error('it was not refused', { cause: error })
  return error
}

function told(name: string): unknown[] {
  const messages: unknown[] = []
  const listen = (message: unknown): void => void messages.push(message)
  channel(name).subscribe(listen)
  onTestFinished(() => channel(name).unsubscribe(listen))
  return messages
}

test('a migration takes every step in order and is one commit, made at open', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 12.5 })
  const messages = told('holdfast:migration')
  const state = await open(backend, newest)
  expect(stored.calls).toEqual(['load', 'commit'])
  expect(stored.changes.at(-1)).toMatchObject({
    base: 1,
    version: 2,
    schema: 3,
    patches: [{ op: 'replace', path: '', value: { pnl: '12.5', count: '0' } }],
  })
  expect(state.value).toEqual({ pnl: '12.5', count: 0n })
  expect([state.version, state.schemaVersion]).toEqual([2, 3])
  expect(messages).toEqual([
    { state: 'bot', location: 'scripted:bot', from: 1, to: 3, durationMs: expect.any(Number) },
  ])
})

test('a migrated document has its defaults in the same commit', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  const options = {
    schema: z.object({ pnl: z.string(), more: z.number().default(7) }),
    version: 2,
    initial: () => ({ pnl: '0', more: 0 }),
    migrate: { 2: must(migrate[2]) },
  }
  const state = await open(backend, options)
  expect(stored.document).toEqual({ pnl: '1', more: 7 })
  await state.update((draft) => void draft.more++)
  expect(stored.changes.at(-1)?.patches).toEqual([{ op: 'replace', path: '/more', value: 8 }])
})

test('a document that has the schema version already is not written at open', async () => {
  const { backend, stored } = writtenAs(3, { pnl: '1', count: '2' })
  const state = await open(backend, newest)
  expect(stored.calls).toEqual(['load'])
  expect(state.value).toEqual({ pnl: '1', count: 2n })
})

test('a step sees the document as it is stored, and what it does to it harms nobody', async () => {
  const { backend, stored } = writtenAs(2, { pnl: '1' })
  const seen: unknown[] = []
  const step = (v2: Record<string, unknown>): unknown => {
    seen.push(structuredClone(v2))
    delete v2['pnl']
    throw new Error('after the damage')
  }
  await refusal(backend, { ...newest, migrate: { 3: step } })
  await refusal(backend, { ...newest, migrate: { 3: step } })
  expect(seen).toEqual([{ pnl: '1' }, { pnl: '1' }])
  expect(stored.document).toEqual({ pnl: '1' })
})

test.each<[string, OpenOptions<typeof schema>['migrate'], RegExp]>([
  [
    'is missing',
    { 2: must(migrate[2]) },
    /migration to schema version 3 is missing.*add `migrate: \{ 3: … \}`/,
  ],
  [
    'throws',
    {
      ...migrate,
      3: () => {
        throw new RangeError('no way')
      },
    },
    /version 3 threw: no way.*mend the step/,
  ],
  [
    'throws no error',
    {
      ...migrate,
      3: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- a step may throw anything
        throw 'text'
      },
    },
    /version 3 threw: text/,
  ],
  [
    'gives undefined',
    { ...migrate, 3: () => undefined },
    /version 3 did not give a JSON document: .*undefined/,
  ],
  [
    'gives a Date',
    { ...migrate, 3: () => ({ at: new Date() }) },
    /version 3 did not give a JSON document: \/at/,
  ],
  [
    'gives a bigint',
    { ...migrate, 3: () => ({ pnl: '1', count: 1n }) },
    /did not give .*\/count.*in stored form/,
  ],
  [
    'gives a promise',
    { ...migrate, 3: async () => ({ pnl: '1', count: '0' }) },
    /version 3 returned a promise.*make the step synchronous/,
  ],
  [
    'gives a promise that fails',
    {
      ...migrate,
      3: async () => {
        throw new Error('later')
      },
    },
    /returned a promise/,
  ],
  [
    'gives what the schema refuses',
    { ...migrate, 3: () => ({ pnl: 1, count: '0' }) },
    /what the migration made of .*\/pnl: .*expected string/,
  ],
])(
  'a step that %s is INVALID, tells state, place and remedy, and nothing is written',
  async (_what, steps, message) => {
    const { backend, stored } = writtenAs(1, { pnl: 1 })
    const error = await refusal(backend, { ...newest, migrate: steps ?? {} })
    expect(error).toMatchObject({
      code: 'INVALID',
      state: 'bot',
      message: expect.stringMatching(message),
    })
    expect(error.message).toMatch(/^state "bot" \(scripted:bot\): .*Nothing was changed/)
    expect(stored.calls).toEqual(['load', 'close'])
    expect(stored.document).toEqual({ pnl: 1 })
  },
)

test('a failed step passes on what it threw, and a refused result the issues', async () => {
  const { backend } = writtenAs(1, { pnl: 1 })
  const cause = new RangeError('no way')
  const steps = {
    ...migrate,
    3: () => {
      throw cause
    },
  }
  expect((await refusal(backend, { ...newest, migrate: steps })).cause).toBe(cause)
  const { issues } = await refusal(backend, {
    ...newest,
    migrate: { ...migrate, 3: () => ({ pnl: 1 }) },
  })
  expect(issues.map((issue) => issue.path)).toEqual(['/pnl', '/count'])
})

test('a document of a newer program is refused, and nothing is touched', async () => {
  const { backend, stored } = writtenAs(4, { wholly: 'different' })
  const error = await refusal(backend, newest)
  expect(error).toMatchObject({ code: 'NEWER_SCHEMA', state: 'bot' })
  expect(error.message).toMatch(
    /scripted:bot.*schema version 4.*knows 3.*Nothing was touched: run the newer program/,
  )
  expect(stored.calls).toEqual(['load', 'close'])
})

test.each([
  [
    'without a step to 1 it is taken as version 1',
    { 2: must(migrate[2]), 3: must(migrate[3]) },
    { pnl: 1 },
  ],
  [
    'a step to 1 is run',
    { ...migrate, 1: (old: { PnL: number }) => ({ pnl: old.PnL }) },
    { PnL: 1 },
  ],
])('a bare document is migrated from the start: %s', async (_what, steps, data) => {
  const { backend, stored } = bare(data)
  const state = await open(backend, { ...newest, migrate: steps })
  expect(state.value).toEqual({ pnl: '1', count: 0n })
  expect(stored.changes).toMatchObject([
    {
      base: 0,
      version: 1,
      schema: 3,
      patches: [{ op: 'replace', path: '', value: { pnl: '1', count: '0' } }],
    },
  ])
})

test('a bare document that fits is not written at open; its first update brings the envelope', async () => {
  const { backend, stored } = bare({ pnl: '1', count: '2' })
  const state = await open(backend, { schema, initial: newest.initial })
  expect([stored.calls, state.version]).toEqual([['load'], 0])
  await state.update((draft) => void draft.count++)
  expect(stored.changes).toMatchObject([
    { base: 0, version: 1, schema: 1, patches: [{ op: 'replace', path: '/count', value: '3' }] },
  ])
})

test('a bare document that does not fit is refused, not replaced by the initial one', async () => {
  const { backend, stored } = bare([])
  const error = await refusal(backend, { schema, initial: newest.initial })
  expect(error.message).toMatch(
    /version 0, schema version 0.*raise its version and add a migration/,
  )
  expect(stored.calls).toEqual(['load', 'close'])
})

test('when another process migrates meanwhile, its result is loaded and not migrated again', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  const commit = held()
  stored.answers.push(commit.answer)
  const opening = open(backend, newest)
  await commit.begun
  stored.landForeign([{ op: 'replace', path: '', value: { pnl: 'theirs', count: '9' } }], 3)
  commit.release()
  const state = await opening
  expect(state.value).toEqual({ pnl: 'theirs', count: 9n })
  expect(stored.calls).toEqual(['load', 'commit', 'load'])
  expect(stored.version).toBe(2)
})

test('when an old process writes meanwhile, its update is migrated too', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  const commit = held()
  stored.answers.push(commit.answer)
  const opening = open(backend, newest)
  await commit.begun
  stored.landForeign([{ op: 'replace', path: '/pnl', value: 2 }], 1)
  commit.release()
  expect((await opening).value).toEqual({ pnl: '2', count: 0n })
  expect(stored.document).toEqual({ pnl: '2', count: '0' })
})

test('a newer program that migrates further meanwhile ends the opening', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  stored.answers.push((_change, land) => {
    stored.landForeign([{ op: 'replace', path: '', value: {} }], 4)
    return Promise.resolve(land())
  })
  expect(await refusal(backend, newest)).toMatchObject({ code: 'NEWER_SCHEMA' })
})

test('a migration that always loses ends as CONFLICT and not as an endless loop', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  for (let count = 0; count < 100; count++) {
    stored.answers.push(() => Promise.resolve({ committed: false, newest: 2 }))
  }
  const error = await refusal(backend, newest)
  expect(error).toMatchObject({ code: 'CONFLICT', committed: false, state: 'bot' })
  expect(stored.calls.filter((call) => call === 'commit')).toHaveLength(10)
})

test.each([true, false])(
  'a migration whose commit gives no answer is looked up: landed %s, it is there once',
  async (hasLanded) => {
    const { backend, stored } = writtenAs(1, { pnl: 1 })
    stored.answers.push(losingTheAnswer(hasLanded))
    const state = await open(backend, newest)
    expect(state.value).toEqual({ pnl: '1', count: 0n })
    expect([state.version, stored.version]).toEqual([2, 2])
    expect(stored.document).toEqual({ pnl: '1', count: '0' })
  },
)

test('a migration whose commit fails fails the opening with that error', async () => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  stored.answers.push(failing('NO_SPACE'))
  expect(await refusal(backend, newest)).toMatchObject({ code: 'NO_SPACE' })
  expect(stored.document).toEqual({ pnl: 1 })
  expect(stored.calls.at(-1)).toBe('close')
})

test.each([
  [{ version: 0 }, /schema version 0 is not/],
  [{ version: 1.5 }, /schema version 1.5 is not/],
  [{ version: Number.NaN }, /schema version NaN is not/],
  [{ version: 1 }, /migration to schema version 2, but the schema's version is 1/],
  [{ version: 3, migrate: { 0: () => ({}) } }, /migration to schema version 0/],
  [{ version: 3, migrate: { 1.5: () => ({}) } }, /migration to schema version 1.5/],
])('%j is CONFIG before anything is read', async (wrong, message) => {
  const { backend, stored } = writtenAs(1, { pnl: 1 })
  const error = await refusal(backend, { ...newest, ...wrong })
  expect(error).toMatchObject({
    code: 'CONFIG',
    state: 'bot',
    message: expect.stringMatching(message),
  })
  expect(stored.calls).toEqual(['close'])
})
