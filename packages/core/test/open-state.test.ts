import { channel } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { HoldfastError, openStore, type Recovery, type Store } from '../src/index.ts'
import { ScriptedBackend, scriptedModule } from './support/scripted-backend.ts'

const schema = z.object({ n: z.number() })
const initial = (): z.output<typeof schema> => ({ n: 0 })

async function storeOn(backend: ScriptedBackend): Promise<Store> {
  return openStore('scripted:', { backends: [scriptedModule(backend)] })
}

test('opening a new state reads once and writes nothing; its first update is the whole document', async () => {
  const backend = new ScriptedBackend()
  const state = await (await storeOn(backend)).open('bot', { schema, initial })
  expect([state.value, state.version, state.schemaVersion, state.recovery]).toEqual([
    { n: 0 },
    0,
    1,
    undefined,
  ])
  expect([state.name, state.location]).toEqual(['bot', 'scripted:bot'])
  expect(backend.state().calls).toEqual(['load'])
  await state.update((draft) => void draft.n++)
  expect(backend.state().changes).toMatchObject([
    { base: 0, version: 1, patches: [{ op: 'add', path: '', value: { n: 1 } }] },
  ])
})

test.each([
  ['has the wrong type', { n: 'x' }],
  ['is undefined', undefined],
  ['is a promise', Promise.resolve({ n: 1 })],
])(
  'an initial document that %s is INVALID, with the place and the remedy',
  async (_what, wrong) => {
    const backend = new ScriptedBackend()
    const store = await storeOn(backend)
    const opening = store.open('bot', { schema, initial: () => wrong as never })
    await expect(opening).rejects.toMatchObject({
      code: 'INVALID',
      state: 'bot',
      message: expect.stringMatching(
        /^state "bot" \(scripted:bot\): the initial document does not fit/,
      ),
    })
    expect(backend.state().calls).toEqual(['load', 'close'])
  },
)

test('an initial() that throws rejects with its own error', async () => {
  const failure = new Error('no initial')
  const store = await storeOn(new ScriptedBackend())
  const broken = (): never => {
    throw failure
  }
  await expect(store.open('bot', { schema, initial: broken })).rejects.toBe(failure)
})

test('a stored document that does not fit is INVALID with its issues, and is not written', async () => {
  const backend = new ScriptedBackend()
  backend.state().landForeign([{ op: 'add', path: '', value: { n: 'x' } }])
  const error: unknown = await (
    await storeOn(backend)
  )
    .open('bot', { schema, initial })
    .catch((reason: unknown) => reason)
  expect(HoldfastError.is(error, 'INVALID')).toBe(true)
  expect(error).toMatchObject({
    state: 'bot',
    issues: [{ path: '/n' }],
    message: expect.stringMatching(
      /scripted:bot.*version 1, schema version 1.*Nothing was changed: mend the schema.*\/n: /s,
    ),
  })
  expect(backend.state().calls).toEqual(['load', 'close'])
})

test('absent is the only thing that means initial(): what cannot be read is an error', async () => {
  const backend = new ScriptedBackend()
  const store = await storeOn(backend)
  for (const code of ['IO', 'CORRUPT'] as const) {
    const failure = new HoldfastError(code, 'as scripted')
    backend.state().loadError = failure
    await expect(store.open('bot', { schema, initial })).rejects.toBe(failure)
  }
  expect(backend.state().calls).toEqual(['load', 'close', 'load', 'close'])
})

test.each([undefined, 'error', 'previous'] as const)(
  'onCorrupt %s is passed on to the backend',
  async (onCorrupt) => {
    const backend = new ScriptedBackend()
    await (await storeOn(backend)).open('bot', { schema, initial, ...(onCorrupt && { onCorrupt }) })
    expect(backend.state().loads).toEqual([{ onCorrupt: onCorrupt ?? 'error' }])
  },
)

test('a recovery is told on the state and on its channel, once', async () => {
  const backend = new ScriptedBackend()
  const recovery: Recovery = {
    generation: 1,
    ageMs: 60_000,
    reason: 'wrong checksum',
    lostVersion: 8,
  }
  const data = { n: 7 }
  backend.state().bare = { version: 7, schema: 1, data, at: null, writer: null, recovery }
  const messages: unknown[] = []
  const listen = (message: unknown): void => void messages.push(message)
  channel('holdfast:recovery').subscribe(listen)
  onTestFinished(() => channel('holdfast:recovery').unsubscribe(listen))
  const state = await (
    await storeOn(backend)
  ).open('bot', { schema, initial, onCorrupt: 'previous' })
  expect([state.recovery, state.version, state.value]).toEqual([recovery, 7, { n: 7 }])
  expect(messages).toEqual([{ state: 'bot', location: 'scripted:bot', recovery }])
  expect(backend.state().calls).toEqual(['load'])
})

test('a signal that is aborted before, or while the document is read, ends the opening with its reason', async () => {
  const backend = new ScriptedBackend()
  const stored = backend.state()
  stored.landForeign([{ op: 'add', path: '', value: {} }])
  const store = await storeOn(backend)
  const options = { schema, initial, version: 2, migrate: { 2: () => ({ n: 1 }) } }
  const reason = new Error('shutting down')
  await expect(store.open('bot', { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  )
  expect(stored.calls).not.toContain('load')
  const controller = new AbortController()
  const opening = store.open('bot', { ...options, signal: controller.signal })
  const read = Promise.resolve().then(() => controller.abort(reason))
  await expect(opening).rejects.toBe(reason)
  await read
  // The migration was not begun.
  expect(stored.calls).not.toContain('commit')
  expect(stored.version).toBe(1)
  const state = await store.open('bot', options)
  expect(state.version).toBe(2)
})

test('the signal is handed to the backend, and aborting after the opening changes nothing', async () => {
  const backend = new ScriptedBackend()
  const controller = new AbortController()
  const { signal } = controller
  const state = await (await storeOn(backend)).open('bot', { schema, initial, signal })
  expect(backend.state().loads).toEqual([{ onCorrupt: 'error', signal }])
  controller.abort()
  await state.update((draft) => void draft.n++)
  expect(backend.state().document).toEqual({ n: 1 })
})

test('what the first reading filled in is written with the first update, and not before', async () => {
  const backend = new ScriptedBackend()
  backend.state().landForeign([{ op: 'add', path: '', value: { n: 1 } }])
  const wider = schema.extend({
    list: z.array(z.number()).default([]),
    name: z.string().default('x'),
  })
  const state = await (
    await storeOn(backend)
  ).open('bot', { schema: wider, initial: () => ({ n: 0, list: [], name: '' }) })
  expect(backend.state().calls).toEqual(['load'])
  await state.update((draft) => void draft.list.push(1))
  expect(backend.state().document).toEqual({ n: 1, list: [1], name: 'x' })
  await state.update((draft) => void draft.n++)
  expect(backend.state().changes.at(-1)?.patches).toEqual([{ op: 'replace', path: '/n', value: 2 }])
})

test('the sequence is closed when the schema cannot be used', async () => {
  const backend = new ScriptedBackend()
  const oneWay = z.object({
    at: z.date(),
    upper: z.string().transform((text) => text.toUpperCase()),
  })
  const opening = (await storeOn(backend)).open('bot', {
    schema: oneWay,
    initial: () => ({ at: new Date(), upper: '' }),
  })
  await expect(opening).rejects.toMatchObject({ code: 'CONFIG', state: 'bot' })
  expect(backend.state().calls).toContain('close')
})
