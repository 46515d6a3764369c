import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openJournalBackend, type OwnableSequence } from '../src/index.ts'
import { expectFailure } from './fails.ts'
import { count, Place } from './place.ts'

async function open(place: Place): Promise<OwnableSequence> {
  const backend = await openJournalBackend({ directory: place.directory, durability: 'process' })
  return backend.open('trading')
}

test('a claim takes a version, and from then on the owner’s changes alone count', async () => {
  const place = new Place()
  await place.write(1)
  const [own, other] = [await open(place), await open(place)]
  expect(await own.owner()).toBe(null)
  expect(await own.claim('a', null)).toBe(true)
  expect(await other.owner()).toBe('a')
  expect(await other.commit(count(1, 2, 'b'))).toEqual({ committed: false, newest: 2 })
  await expectFailure(other.commit(count(2, 2, 'b')), 'OWNERSHIP_LOST', { committed: false })
  expect(await own.commit(count(2, 2, 'a'))).toEqual({ committed: true })
  expect(await own.claim(null, 'a')).toBe(true)
  expect(await other.commit(count(4, 3, 'b'))).toEqual({ committed: true })
  expect(place.lines().map(({ claim }) => claim)).toEqual([
    undefined,
    'a',
    undefined,
    null,
    undefined,
  ])
})

test('a claim over an owner that is not the owner any more changes nothing', async () => {
  const place = new Place()
  await place.write(1)
  const [one, other] = [await open(place), await open(place)]
  expect(await one.claim('a', null)).toBe(true)
  const before = place.content()
  expect(await other.claim('b', null)).toBe(false)
  expect(await other.claim(null, 'c')).toBe(false)
  expect(place.content()).toEqual(before)
  expect(await other.claim('b', 'a')).toBe(true)
  expect(await one.claim(null, 'a')).toBe(false)
})

test('of two that claim over the same owner at once one is the next', async () => {
  const place = new Place()
  await place.write(1)
  const [one, other] = [await open(place), await open(place)]
  const results = await Promise.all([one.claim('a', null), other.claim('b', null)])
  expect(results.filter(Boolean)).toEqual([true])
})

test('an owner that was replaced has lost the state on any version that it knows, and what it appends is void', async () => {
  const place = new Place()
  await place.write(1)
  const [old, next] = [await open(place), await open(place)]
  await old.load()
  await old.claim('a', null)
  await next.claim('b', 'a')
  // It has not looked since: so the line goes into the file, where nobody counts it.
  await expectFailure(old.commit(count(2, 2, 'a')), 'OWNERSHIP_LOST', { committed: false })
  expect(place.lines().at(-1)).toMatchObject({ writer: 'a', base: 2 })
  await expectFailure(old.commit(count(3, 2, 'a')), 'OWNERSHIP_LOST', { committed: false })
  expect((await next.load())?.data).toEqual({ n: 1 })
  expect(await next.commit(count(3, 2, 'b'))).toEqual({ committed: true })
})

test('an owner that was set free by another has lost the state', async () => {
  const place = new Place()
  await place.write(1)
  const [old, other] = [await open(place), await open(place)]
  await old.claim('a', null)
  await other.claim(null, 'a')
  const { message } = await expectFailure(old.commit(count(3, 2, 'a')), 'OWNERSHIP_LOST')
  expect(message).toContain('belongs to nobody now')
})

test('a claim on a state that was never written is in the first line that its owner writes', async () => {
  const place = new Place()
  const own = await open(place)
  expect(await own.claim('a', null)).toBe(true)
  expect(place.names()).toEqual([])
  expect(await own.commit(count(0, 1, 'a'))).toEqual({ committed: true })
  expect(place.lines()).toMatchObject([{ version: 1, owner: 'a' }])
  const other = await open(place)
  await expectFailure(other.commit(count(1, 2, 'b')), 'OWNERSHIP_LOST')
})

test('a claim on a state that another has written meanwhile comes before the owner’s first change', async () => {
  const place = new Place()
  const own = await open(place)
  await own.claim('a', null)
  await place.write(1)
  expect(await own.commit(count(0, 1, 'a'))).toEqual({ committed: false, newest: 1 })
  expect(await own.commit(count(1, 2, 'a'))).toEqual({ committed: false, newest: 2 })
  expect(await own.owner()).toBe('a')
  expect(await own.commit(count(2, 2, 'a'))).toEqual({ committed: true })
})

test('the owner is the owner in the next epoch too', async () => {
  const place = new Place()
  await place.write(1)
  const directory = place.directory
  const backend = await openJournalBackend({
    directory,
    durability: 'process',
    keep: 0,
    compactAfterBytes: 1,
    compactAfterRatio: 0.01,
  })
  const own = await backend.open('trading')
  await own.claim('a', null)
  for (let n = 2; place.names()[0] === '00000001.jsonl';) {
    const snapshot = await own.load()
    const { committed } = await own.commit(count(snapshot?.version ?? 0, n, 'a'))
    if (committed) n += 1
  }
  await own.close()
  const [name = ''] = place.names()
  const [head = ''] = readFileSync(`${place.path}/${name}`, 'utf8').split('\n')
  expect(JSON.parse(head)).toMatchObject({ owner: 'a' })
})
