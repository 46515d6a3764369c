import { pendingChange } from '@holdfast/testing'
import { expect, it } from 'vitest'
import { Memory, openMemoryBackend } from '../src/index.ts'
import { collect } from './support/collect.ts'

it('backends on one Memory share its states', async () => {
  const memory = new Memory()
  const writer = await openMemoryBackend({ memory }).open('trading')
  await writer.commit(pendingChange({ base: 0, data: 'shared' }))
  const reader = await openMemoryBackend({ memory }).open('trading')
  expect(await reader.load()).toMatchObject({ version: 1, data: 'shared' })
})

it('backends that are given no Memory share nothing', async () => {
  const writer = await openMemoryBackend().open('trading')
  await writer.commit(pendingChange({ base: 0, data: 'alone' }))
  const reader = await openMemoryBackend().open('trading')
  expect(await reader.load()).toBeNull()
})

it('keeps the newest `keep` changes, and a snapshot in the place of older ones', async () => {
  const sequence = await openMemoryBackend({ keep: 2 }).open('trading')
  for (let base = 0; base < 5; base += 1) await sequence.commit(pendingChange({ base, data: base }))
  expect(await collect(sequence.history())).toMatchObject([{ version: 5 }, { version: 4 }])
  expect(await sequence.read(3)).toMatchObject({ changes: [{ version: 4 }, { version: 5 }] })
  expect(await sequence.read(2)).toMatchObject({ snapshot: { version: 5, data: 4 } })
})

it('hints come after the call that caused them, and tell of removals too', async () => {
  const backend = openMemoryBackend()
  const sequence = await backend.open('trading')
  let hints = 0
  sequence.onHint(() => {
    hints += 1
  })
  await sequence.commit(pendingChange({ base: 0, data: 1 }))
  expect(hints).toBe(1)
  const removing = backend.remove('trading')
  expect(hints).toBe(1)
  await removing
  expect(hints).toBe(2)
})

it('a listener that is disposed of before its hint arrives is not called', async () => {
  const backend = openMemoryBackend()
  const sequence = await backend.open('trading')
  const listening = sequence.onHint(() => expect.unreachable())
  const removing = backend.remove('trading')
  listening[Symbol.dispose]()
  await removing
  expect(await sequence.load()).toBeNull()
})

it('asks for the document of no change that has lost', async () => {
  const sequence = await openMemoryBackend().open('trading')
  const change = { ...pendingChange({ base: 7, data: 1 }), document: () => expect.unreachable() }
  expect(await sequence.commit(change)).toEqual({ committed: false, newest: 0 })
})

it.each([-1, 1.5, Number.NaN])('refuses to keep %d changes', (keep) => {
  expect(() => openMemoryBackend({ keep })).toThrow(TypeError)
})

it('a damaged document is CORRUPT, even one whose beginning would be JSON', async () => {
  const memory = new Memory()
  const sequence = await openMemoryBackend({ memory }).open('trading')
  await sequence.commit(pendingChange({ base: 0, data: 64_000 }))
  memory.state('trading').damage()
  await expect(sequence.load()).rejects.toMatchObject({ code: 'CORRUPT', state: 'trading' })
})
