import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, Json, Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, onTestFinished, test } from 'vitest'
import type { CompactionEvent } from '../src/index.ts'
import { collect, Place } from './place.ts'

interface Book {
  readonly orders: { [id: string]: string }
  count: number
}

const options = {
  keep: 1,
  compactAfterBytes: 20_000,
  compactAfterRatio: 0.01,
  inlineSnapshotBytes: 1,
}

/** The next compaction that is told. */
function nextCompaction(): Promise<CompactionEvent> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      unsubscribe('holdfast:compaction', listener)
      resolve(message as CompactionEvent)
    }
    subscribe('holdfast:compaction', listener)
    onTestFinished(() => void unsubscribe('holdfast:compaction', listener))
  })
}

function book(orders: number): Book {
  const entries = Array.from({ length: orders }, (_, id) => [`order ${id}`, 'x'.repeat(90)])
  return { count: 0, orders: Object.fromEntries(entries) as Book['orders'] }
}

/** One update, as a state makes it: after a conflict what came between is read, and it is done again. */
async function step(sequence: Sequence, at: { version: number }, state: Book): Promise<void> {
  for (;;) {
    const change = {
      ...pendingChange({ base: at.version, data: null }),
      patches: [{ op: 'replace', path: '/count', value: state.count + 1 } as const],
    }
    if ((await sequence.commit(change)).committed) {
      at.version += 1
      state.count += 1
      return
    }
    const read = await sequence.read(at.version)
    if ('snapshot' in read) throw new Error('changes were expected')
    at.version += read.changes.length
  }
}

test('a large state is compacted by a worker while updates go on, and none is lost', async () => {
  const place = new Place()
  const state = book(5000)
  const sequence = await place.open({ ...options, durability: 'power' })
  await sequence.commit(pendingChange({ base: 0, data: state as unknown as Json }))
  const at = { version: 1 }
  const compaction = nextCompaction()
  const events: CompactionEvent[] = []
  const told = compaction.then((event) => {
    events.push(event)
    return event
  })
  let updatesMeanwhile = 0
  while (events.length === 0) {
    await step(sequence, at, state)
    updatesMeanwhile += 1
  }
  expect((await told).error).toBe(null)
  await step(sequence, at, state)
  const reader = await place.open()
  const snapshot = await reader.load()
  expect(snapshot?.version).toBe(at.version)
  expect(snapshot?.data).toEqual(state)
  expect(updatesMeanwhile).toBeGreaterThan(10)

  const [first] = readFileSync(join(place.path, '00000002.jsonl'), 'utf8').split('\n', 1)
  const { version, data } = JSON.parse(String(first)) as { version: number; data: Book }
  expect(Object.keys(data.orders).length).toBe(5000)
  expect(version).toBeLessThan(at.version)
  expect(place.names().filter((name) => name.endsWith('.tmp'))).toEqual([])

  const versions = (await collect(reader.history())).map((item) => item.version)
  expect(versions).toEqual([...new Set(versions)].toSorted((one, other) => other - one))
  expect(versions.at(0)).toBe(at.version)
  expect(versions.at(-1)).toBe(1)
  const { changes } = (await reader.read(1)) as { changes: Change[] }
  expect(changes.map((change) => change.version)).toEqual(
    Array.from({ length: at.version - 1 }, (_, index) => index + 2),
  )
})

test('a sequence that is closed while a worker is busy closes, and leaves nothing behind', async () => {
  const place = new Place()
  const state = book(2000)
  const sequence = await place.open(options)
  await sequence.commit(pendingChange({ base: 0, data: state as unknown as Json }))
  const at = { version: 1 }
  for (let n = 0; n < 300; n += 1) await step(sequence, at, state)
  await sequence.close()
  expect(place.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect((await (await place.open()).load())?.data).toEqual(state)
})
