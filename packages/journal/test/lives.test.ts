import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { currentInstance, temporaryName } from '@holdfast/fs'
import { expect, test } from 'vitest'
import { Stepper } from './interleaving.ts'
import { collect, count, Place } from './place.ts'

const always = { keep: 0, compactAfterBytes: 1, compactAfterRatio: 0.01 }

test('a first commit that is linked after others made the state and went on to higher epochs is a conflict', async () => {
  const place = new Place()
  const stepper = new Stepper()
  const stalled = await place.open({}, stepper)
  const arrived = stepper.holdWhen(({ method }) => method === 'link')
  const committing = stalled.commit(count(0, 100, 'stalled'))
  await arrived
  const others = await place.open(always)
  await others.commit(count(0, 1))
  await others.commit(count(1, 2))
  await others.close()
  expect(place.names()).not.toContain('00000001.jsonl')
  stepper.resume()
  const result = await committing
  expect(result.committed).toBe(false)
  expect((await (await place.open()).load())?.data).toEqual({ n: 2 })
})

test('a helper that is stalled before its link cannot bring a removed state back, nor hide the one that came after', async () => {
  const place = new Place()
  await place.write(1)
  const stepper = new Stepper()
  const stalled = await place.open(always, stepper)
  const arrived = stepper.holdWhen(({ method }) => method === 'link')
  await stalled.load()
  await stalled.commit(count(1, 2))
  const closing = stalled.close()
  await arrived

  const backend = await place.backend(always)
  await backend.remove('trading')
  const sequence = await backend.open('trading')
  expect(await sequence.load()).toBe(null)
  expect(await sequence.commit(count(0, 50))).toEqual({ committed: true })
  stepper.resume()
  await closing
  const reader = await place.open()
  expect(await reader.load()).toMatchObject({ data: { n: 50 } })
  await backend.remove('trading')
  expect(await collect(backend.list())).toEqual([])
})

test('a handle on a removed state is not at the version of the next one, although the number is the same', async () => {
  const place = new Place()
  await place.write(2)
  const stale = await place.open()
  await stale.load()
  const backend = await place.backend()
  await backend.remove('trading')
  const sequence = await backend.open('trading')
  await sequence.commit(count(0, 10))
  await sequence.commit(count(1, 11))
  expect(await stale.commit(count(2, 3))).toEqual({ committed: false, newest: 2 })
  expect(await stale.read(2)).toMatchObject({ snapshot: { version: 2, data: { n: 11 } } })
  expect(await stale.commit(count(2, 12))).toEqual({ committed: true })
})

test('a journal whose directory was deleted takes no more commits on what is gone', async () => {
  const place = new Place()
  const sequence = await place.open()
  await sequence.commit(count(0, 1))
  await sequence.commit(count(1, 2))
  rmSync(place.path, { recursive: true })
  expect(await sequence.commit(count(2, 3))).toEqual({ committed: false, newest: 0 })
})

test('a state whose directory was deleted begins again, durably, by the same handle', async () => {
  const place = new Place()
  const sequence = await place.open({ durability: 'power' })
  await sequence.commit(count(0, 1))
  rmSync(place.path, { recursive: true })
  expect(await sequence.load()).toBe(null)
  expect(await sequence.commit(count(0, 5))).toEqual({ committed: true })
  expect((await (await place.open()).load())?.data).toEqual({ n: 5 })
})

test('foreign files in the directory are neither read nor removed', async () => {
  const place = new Place()
  await place.write(1)
  const foreign = [
    'notes.txt',
    '99999999.json',
    '0000002.jsonl',
    '00000000.jsonl',
    '.00000001.jsonl.swp',
  ]
  for (const name of foreign) writeFileSync(`${place.path}/${name}`, 'foreign')
  const sequence = await place.open(always)
  expect(await sequence.load()).toMatchObject({ version: 1 })
  await sequence.commit(count(1, 2))
  await sequence.close()
  expect(place.names().filter((name) => name !== '00000002.jsonl')).toEqual(foreign.toSorted())
})

test('an old number that a stalled helper puts in place again, after a reader has chosen it, is not read', async () => {
  const place = new Place()
  await place.write(1)
  const [helper, reader] = [new Stepper(), new Stepper()]
  const helping = await place.open(always, helper)
  const helperArrived = helper.holdWhen(({ method }) => method === 'link')
  await helping.load()
  await helping.commit(count(1, 2))
  const closing = helping.close()
  await helperArrived

  const others = await place.open({ keep: 0 })
  await others.load()
  expect(await others.commit(count(3, 3))).toEqual({ committed: true })
  const late = await place.open(always, reader)
  const readerArrived = reader.holdWhen(
    ({ method, path }) => method === 'open' && path === place.epoch(2),
  )
  const loading = late.load()
  await readerArrived
  const last = await place.open(always)
  await last.load()
  await last.commit(count(4, 4))
  await last.close()
  expect(place.names()).not.toContain('00000002.jsonl')
  helper.resume()
  await closing
  expect(place.names()).toContain('00000002.jsonl')
  reader.resume()
  expect((await loading)?.data).toEqual({ n: 4 })
})

test('an old epoch that a stalled helper puts in place again is read by nobody: neither by who follows, nor in the history', async () => {
  const place = new Place()
  await place.write(1)
  const stepper = new Stepper()
  const stalled = await place.open(always, stepper)
  const arrived = stepper.holdWhen(({ method }) => method === 'link')
  await stalled.load()
  await stalled.commit(count(1, 2))
  const closing = stalled.close()
  await arrived

  // The seal took version 3; the others go on with epoch 2, and replace it by epoch 3.
  const others = await place.open(always)
  await others.load()
  await others.commit(count(3, 3))
  await others.close()
  expect(place.names()).toEqual(expect.arrayContaining(['00000003.jsonl']))
  expect(place.names()).not.toContain('00000002.jsonl')
  stepper.resume()
  await closing
  expect(place.names()).toContain('00000002.jsonl')

  const follower = await place.open()
  expect(await follower.read(2)).toMatchObject({ snapshot: { version: 5, data: { n: 3 } } })
  const kept = await collect(follower.history())
  expect(kept.map(({ version }) => version)).toEqual([5, 4])
})

test('what a crashed process left beside a journal is removed after the first commit of another one, without a compaction', async () => {
  const place = new Place()
  await place.write(1)
  const dead = { ...currentInstance(), startedAt: '1' }
  const left = join(place.path, temporaryName('00000001.jsonl', dead, '0'.repeat(32)))
  writeFileSync(left, 'half')
  utimesSync(left, 1, 1)
  const sequence = await place.open()
  await sequence.load()
  expect(place.names()).toHaveLength(2)
  await sequence.commit(count(1, 2))
  await sequence.close()
  expect(place.names()).toEqual(['00000001.jsonl'])
})
