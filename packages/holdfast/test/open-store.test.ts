import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openMemoryBackend } from '@holdfast/memory'
import type { BackendModule } from '@holdfast/core'
import { HoldfastError, openStore } from '../src/index.ts'

const schema = z.object({ n: z.number() })
const initial = (): z.output<typeof schema> => ({ n: 0 })

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('where the state is kept is one line: memory: and file: run the same program', async () => {
  const folder = await freshFolder()
  for (const config of [
    'memory:',
    `file:${folder}/a`,
    { backend: 'file', directory: `${folder}/b` },
  ]) {
    await using store = await openStore(config)
    await using state = await store.open('bot', { schema, initial })
    await expect(state.update((draft) => ++draft.n)).resolves.toBe(1)
    expect(state.version).toBe(1)
  }
  expect(await readFile(join(folder, 'a/bot.json'), 'utf8')).toContain('"n": 1')
})

test.each(['test', 'production', 'development'])(
  'item 46: NODE_ENV=%s switches no other backend in',
  async (value) => {
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = value
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_ENV']
      else process.env['NODE_ENV'] = before
    })
    const folder = await freshFolder()
    await using store = await openStore(`file:${folder}`)
    await using state = await store.open('bot', { schema, initial })
    await state.update((draft) => ++draft.n)
    expect(await readdir(folder)).toEqual(['bot.json'])
  },
)

test('opening a store and a state creates nothing on disk', async () => {
  const folder = await freshFolder()
  await using store = await openStore(`file:${folder}/state`)
  await using state = await store.open('bot', { schema, initial })
  expect(state.value).toEqual({ n: 0 })
  expect(await readdir(folder)).toEqual([])
})

test('what one run saved the next run finds, at its version', async () => {
  const folder = await freshFolder()
  for (let run = 1; run <= 3; run++) {
    await using store = await openStore(`file:${folder}`)
    await using state = await store.open('bot', { schema, initial })
    expect([state.version, state.value.n]).toEqual([run - 1, run - 1])
    await state.update((draft) => ++draft.n)
  }
})

test('an unknown backend is an error that lists the known ones, in both forms', async () => {
  for (const config of ['redis://localhost', { backend: 'redis' }]) {
    const error = await openStore(config).catch((reason: unknown) => reason)
    expect(HoldfastError.is(error, 'CONFIG')).toBe(true)
    expect(String(error)).toMatch(/memory:.*file:.*journal:/)
  }
})

test('an unknown or wrong option is an error in both forms, and nothing is created', async () => {
  const folder = await freshFolder()
  const directory = join(folder, 'state')
  const configs = [
    `file:${directory}?kepe=3`,
    { backend: 'file', directory, kepe: 3 },
    `file:${directory}?keep=many`,
    { backend: 'file', directory, keep: -1 },
    { backend: 'file' },
  ]
  for (const config of configs) {
    await expect(openStore(config)).rejects.toMatchObject({ code: 'CONFIG' })
  }
  expect(await readdir(folder)).toEqual([])
})

test('secrets of a configuration do not stand in its errors', async () => {
  const secret = 'hunter2'
  const configs = [
    `redis://bot:${secret}@localhost/0`,
    `file:./state?password=${secret}`,
    { backend: 'file', directory: './state', apiKey: secret },
  ]
  for (const config of configs) {
    const error: unknown = await openStore(config).catch((reason: unknown) => reason)
    expect(HoldfastError.is(error, 'CONFIG')).toBe(true)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret)
    expect(String(error)).not.toContain(secret)
  }
})

test('a third party brings its backend in `backends`', async () => {
  const options = z.strictObject({ room: z.string() })
  const rooms: string[] = []
  const module: BackendModule<typeof options> = {
    name: 'room',
    schemes: ['room'],
    options,
    fromUrl: (url) => ({ room: url.path, ...url.query }),
    open: ({ room }) => {
      rooms.push(room)
      return Promise.resolve(openMemoryBackend())
    },
  }
  for (const config of ['room:kitchen', { backend: 'room', room: 'attic' }]) {
    await using store = await openStore(config, { backends: [module] })
    await using state = await store.open('bot', { schema, initial })
    await state.update((draft) => ++draft.n)
  }
  expect(rooms).toEqual(['kitchen', 'attic'])
})

test('a backend that cannot be opened is an error, and no other takes its place', async () => {
  const folder = await freshFolder()
  await writeFile(join(folder, 'state'), 'a file, not a directory')
  const open = async (): Promise<void> => {
    await using store = await openStore(`file:${folder}/state`)
    await using state = await store.open('bot', { schema, initial })
    await state.update((draft) => ++draft.n)
  }
  await expect(open()).rejects.toSatisfy((error) => HoldfastError.is(error))
  expect(await readFile(join(folder, 'state'), 'utf8')).toBe('a file, not a directory')
})
