import { HoldfastError } from '@holdfast/core'
import { expect, test } from 'vitest'
import { expectFailure } from './fails.ts'
import { count, Place } from './place.ts'

const fileAndOffset = /00000001\.jsonl: .* \(at byte \d+\)/

test('a bit flipped anywhere is CORRUPT with file and offset, or costs nothing but the last record', async () => {
  const source = new Place()
  await source.write(4)
  const bytes = source.bytes()
  const lastRecord = bytes.lastIndexOf('\n', bytes.length - 2) + 1
  const place = new Place()
  await place.write(1)
  const outcomes = { corrupt: 0, lost: 0 }
  for (let index = 0; index < bytes.length; index += 1) {
    for (const bit of [0, 1, 5]) {
      const flipped = Buffer.from(bytes)
      flipped[index] = (flipped[index] ?? 0) ^ (1 << bit)
      place.put(flipped)
      const sequence = await place.open()
      const label = `bit ${bit} of byte ${index}`
      try {
        expect((await sequence.load())?.data, label).toEqual({ n: 3 })
        expect(index, label).toBeGreaterThanOrEqual(lastRecord)
        outcomes.lost += 1
      } catch (error) {
        if (!HoldfastError.is(error, 'CORRUPT') || !fileAndOffset.test(error.message)) throw error
        outcomes.corrupt += 1
      }
      await sequence.close()
    }
  }
  expect(outcomes.corrupt).toBeGreaterThan(1000)
  expect(outcomes.lost).toBe((bytes.length - lastRecord) * 3)
})

test('a journal that ends anywhere in its last record is the one without it, and goes on', async () => {
  const source = new Place()
  await source.write(3)
  const bytes = source.bytes()
  const lastRecord = bytes.lastIndexOf('\n', bytes.length - 2) + 1
  const place = new Place()
  await place.write(1)
  for (let size = lastRecord; size < bytes.length; size += 1) {
    place.put(bytes.subarray(0, size))
    const sequence = await place.open()
    expect((await sequence.load())?.data, `${size}`).toEqual({ n: 2 })
    expect(await sequence.commit(count(2, 7))).toEqual({ committed: true })
    await sequence.close()
    const reader = await place.open()
    expect(await reader.load(), `${size}`).toMatchObject({ version: 3, data: { n: 7 } })
    await reader.close()
  }
})

test('a first line that ends anywhere is CORRUPT', async () => {
  const place = new Place()
  await place.write(1)
  const bytes = place.bytes()
  for (let size = 0; size < bytes.length; size += 1) {
    place.put(bytes.subarray(0, size))
    const sequence = await place.open()
    await expectFailure(sequence.load(), 'CORRUPT', { state: 'trading' })
    await sequence.close()
  }
})

test.each([
  ['an empty file', Buffer.alloc(0), 'empty'],
  ['a file of NULs', Buffer.alloc(4096), 'NUL'],
  ['a foreign file', Buffer.from('{"a":1}\n{"b":2}\n'), 'checksum'],
])(
  '%s in the place of an epoch is CORRUPT, is not overwritten, and says so',
  async (_, bytes, word) => {
    const place = new Place()
    await place.write(1)
    place.put(bytes)
    const before = place.content()
    const sequence = await place.open()
    const error = await expectFailure(sequence.load(), 'CORRUPT', { state: 'trading' })
    expect(error.message).toContain(word)
    await expectFailure(sequence.commit(count(0, 1)), 'CORRUPT', { committed: false })
    await expectFailure(sequence.commit(count(1, 2)), 'CORRUPT', { committed: false })
    expect(place.content()).toEqual(before)
  },
)

test('a journal that became shorter while it was open is CORRUPT or a conflict, and takes no commit', async () => {
  const place = new Place()
  await place.write(3)
  const sequence = await place.open()
  await sequence.load()
  const bytes = place.bytes()
  place.put(bytes.subarray(0, bytes.lastIndexOf('\n', bytes.length - 2) + 1))
  const result = await sequence.read(3)
  expect(result).toMatchObject({ snapshot: { version: 2, data: { n: 2 } } })
})

test('previous takes the longest history before the damage, says what was lost, and sets the file aside before it goes on', async () => {
  const place = new Place()
  await place.write(5)
  const bytes = place.bytes()
  const lines = bytes.toString().split('\n')
  place.put(
    lines
      .map((line, index) => (index === 2 ? line.replace('"n"', '"m"').replace('/n', '/m') : line))
      .join('\n'),
  )
  const damaged = place.bytes()
  const before = place.content()
  const sequence = await place.open()
  await expectFailure(sequence.load(), 'CORRUPT')
  const snapshot = await sequence.load({ onCorrupt: 'previous' })
  expect(snapshot).toMatchObject({
    version: 2,
    data: { n: 2 },
    recovery: { generation: 1, lostVersion: 5 },
  })
  expect(await sequence.read(2)).toEqual({ changes: [] })
  expect(place.content()).toEqual(before)

  expect(await sequence.commit(count(2, 30))).toEqual({ committed: true })
  expect(await sequence.read(2)).toMatchObject({ changes: [{ version: 3 }] })
  const other = await place.open()
  expect(await other.load()).toMatchObject({ version: 3, data: { n: 30 } })
  const aside = place.names().find((name) => name.includes('.corrupt-'))
  expect(place.content()[String(aside)]?.startsWith(damaged.toString('latin1'))).toBe(true)
})

test('previous takes the end of the epoch before when the first line of the current one is damaged', async () => {
  const place = new Place()
  await place.write(3, { compactAfterBytes: 1, compactAfterRatio: 0.01 })
  const [, current] = place.names().map((name) => Number(name.slice(0, 8)))
  if (current === undefined) throw new Error('two epochs are needed')
  const sequence = await place.open()
  const { version, data } = (await sequence.load()) ?? {}
  const bytes = place.bytes(current)
  bytes[12] = 0x20
  place.put(bytes, current)
  await expectFailure(sequence.load(), 'CORRUPT')
  const recovered = await sequence.load({ onCorrupt: 'previous' })
  expect(recovered).toMatchObject({ data })
  expect(recovered?.version).toBeLessThanOrEqual(Number(version))
  expect(await sequence.commit(count(Number(recovered?.version), 9))).toEqual({ committed: true })
  expect((await (await place.open()).load())?.data).toEqual({ n: 9 })
})

test('another handle is told when a state was put back, although its version is the same again', async () => {
  const place = new Place()
  await place.write(3)
  const stale = await place.open()
  await stale.load()
  const text = place.bytes().toString().split('\n')
  place.put(text.map((line, index) => (index === 1 ? line.replace('/n', '/m') : line)).join('\n'))
  const sequence = await place.open()
  await sequence.load({ onCorrupt: 'previous' })
  await sequence.commit(count(1, 20))
  await sequence.commit(count(2, 21))
  expect(await stale.commit(count(3, 4))).toEqual({ committed: false, newest: 3 })
  expect(await stale.read(3)).toMatchObject({ snapshot: { version: 3, data: { n: 21 } } })
})
