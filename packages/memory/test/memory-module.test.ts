import { openStore, systemEnvironment } from '@holdfast/core'
import { expect, it } from 'vitest'
import { Memory, memoryModule } from '../src/index.ts'

it('opens what the URL "memory:" stands for', async () => {
  const options = memoryModule.fromUrl({ scheme: 'memory', path: '', query: {} })
  const backend = await memoryModule.open(memoryModule.options.parse(options), systemEnvironment)
  expect(backend.location).toBe('memory:')
  expect(backend.capabilities).toEqual({ durability: 'none', writers: 'process', history: true })
})

it('a Memory can be shared in the object form', async () => {
  const memory = new Memory()
  const options = memoryModule.options.parse({ memory, keep: 0 })
  expect(options.memory).toBe(memory)
  const backend = await memoryModule.open(options, systemEnvironment)
  expect(backend.capabilities.history).toBe(false)
})

it.each([{ kept: 3 }, { keep: -1 }, { keep: 1.5 }, { memory: 'shared' }, { memory: {} }])(
  'refuses the options %j',
  (options) => {
    expect(memoryModule.options.safeParse(options).success).toBe(false)
  },
)

it('refuses a URL with a path, and says how to share a memory', () => {
  const url = { scheme: 'memory', path: './state', query: {} }
  expect(() => memoryModule.fromUrl(url)).toThrow(
    expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining('instance') }),
  )
})

it('is opened by a URL with options, as core reads them', async () => {
  const store = await openStore('memory:?keep=0', { backends: [memoryModule] })
  expect(store.capabilities.history).toBe(false)
  await store.close()
  const misspelt = openStore('memory:?kept=0', { backends: [memoryModule] })
  await expect(misspelt).rejects.toMatchObject({ code: 'CONFIG' })
})
