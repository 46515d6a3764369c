import { setImmediate } from 'node:timers/promises'
import type { Sequence } from '@holdfast/core'
import type { FileCall } from '@holdfast/fs'
import { expect, test } from 'vitest'
import type { JournalContextParts } from '../src/index.ts'
import { Stepper } from './interleaving.ts'
import { count, Place } from './place.ts'

/** Changes of more than this many bytes are compacted: some ten lines. */
const limit = 2000
const soon = { keep: 0, compactAfterBytes: limit, compactAfterRatio: 0.01 }

/** Begins the file of a new epoch: the costly part of a compaction. */
function stages(call: FileCall): boolean {
  return call.method === 'open' && call.flags.create === 'exclusive'
}

/** Commits the next counter on `base`, or takes in what came first. Gives the newest version. */
async function step(sequence: Sequence, base: number, writer: string): Promise<number> {
  const result = await sequence.commit(count(base, base + 1, writer))
  await setImmediate() // a compaction begins after the commit
  if (result.committed) return base + 1
  await sequence.read(base)
  return result.newest
}

/** Goes on with `act` until `event` has come. */
async function until(event: Promise<void>, act: () => Promise<unknown>): Promise<void> {
  const hasCome = event.then(() => true)
  while (!(await Promise.race([hasCome, setImmediate(false)]))) await act()
}

/** Two handles, each of which has met the other; the state is at version 5. */
async function two(
  place: Place,
  one: JournalContextParts,
  other: JournalContextParts,
): Promise<[Sequence, Sequence]> {
  await place.write(1)
  const [a, b] = [await place.open(soon, one), await place.open(soon, other)]
  await a.load()
  await b.load()
  let version = 1
  while (version < 5) {
    version = await step(a, version, 'a')
    version = await step(b, version, 'b')
  }
  return [a, b]
}

test('several writers go on to compact, each where its line passes the limit, and none in vain', async () => {
  const place = new Place()
  const [one, other] = [new Stepper(), new Stepper()]
  const [a, b] = await two(place, one, other)
  for (let version = 5, turn = 0; turn < 200; turn += 1) {
    version = turn % 3 === 0 ? await step(a, version, 'a') : await step(b, version, 'b')
  }
  await a.close()
  await b.close()
  const staged = [one, other].map(({ calls }) => calls.filter(stages).length)
  const epochs = Number.parseInt(place.names().at(-1) ?? '', 10) - 1
  expect(epochs).toBeGreaterThan(5)
  expect(staged.reduce((sum, each) => sum + each)).toBe(epochs)
  expect(Math.min(...staged), 'either passes it').toBeGreaterThan(0)
})

test('a compaction that does not come to its end is left to whoever passes the next half of the limit', async () => {
  const place = new Place()
  const [one, other] = [new Stepper(), new Stepper()]
  const [a, b] = await two(place, one, other)
  let version = 5
  await until(one.holdWhen(stages), async () => (version = await step(a, version, 'a')))
  await b.read(5)
  const size = place.bytes().length
  let grown = 0
  while (!other.calls.some(stages)) {
    grown = place.bytes().length - size
    expect(grown).toBeLessThan(limit)
    version = await step(b, version, 'b')
  }
  expect(grown).toBeGreaterThan(limit / 4)
  one.resume()
  await a.close()
  await b.close()
  const reader = await place.open()
  expect((await reader.load())?.data).toEqual({ n: version })
})

/** The first handle has closed the epoch, and is held before it puts the next one in place. */
async function closedByOne(other: JournalContextParts) {
  const place = new Place()
  const one = new Stepper()
  const [a, b] = await two(place, one, other)
  let version = 5
  const held = one.holdWhen(({ method }) => method === 'link')
  await until(held, async () => (version = await step(a, version, 'a')))
  return { place, one, a, b, version }
}

test('who finds an epoch closed, among others, lets the one who closed it put the next one in place', async () => {
  const { fileSystem, calls } = new Stepper()
  let goOn = async (): Promise<void> => {}
  const { one, a, b, version } = await closedByOne({ fileSystem, files: { sleep: () => goOn() } })
  goOn = () => {
    one.resume()
    return a.close()
  }
  expect((await b.commit(count(version, version + 1, 'b'))).committed).toBe(false)
  expect(calls.filter(stages)).toEqual([])
  await a.close()
})

test('… and does it alone where that one does not come', async () => {
  const other = new Stepper()
  const { place, one, a, b, version } = await closedByOne(other)
  expect(await b.commit(count(version, version + 1, 'b'))).toEqual({
    committed: false,
    newest: version + 1, // the seal took one
  })
  expect(other.calls.filter(stages)).toHaveLength(1)
  expect(place.names()).toContain('00000002.jsonl')
  one.resume()
  await a.close()
  expect((await b.load())?.data).toEqual({ n: version })
})
