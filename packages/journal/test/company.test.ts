import { expect, test } from 'vitest'
import { meddledFileSystem } from './faults.ts'
import { count, Place } from './place.ts'

const alone = ['write', 'fdatasync', 'fstat']
const amongOthers = ['fstat', ...alone, 'fstat']

test('who has met others looks before and after it appends, until it has been alone for 16 appends', async () => {
  const place = new Place()
  await place.write(1)
  const calls: string[] = []
  const fileSystem = meddledFileSystem((call, proceed) => {
    calls.push(call.method)
    return proceed()
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.load()
  await sequence.commit(count(1, 2))
  const callsOf = async (base: number): Promise<string[]> => {
    calls.length = 0
    expect(await sequence.commit(count(base, base + 1))).toEqual({ committed: true })
    return [...calls]
  }
  expect(await callsOf(2)).toEqual(alone)
  await (await place.open()).commit(count(3, 4))
  await sequence.read(3)
  for (let base = 4; base < 19; base += 1) expect(await callsOf(base)).toEqual(amongOthers)
  expect(await callsOf(19), 'the 16th').toEqual(amongOthers.slice(0, -1))
  expect(await callsOf(20)).toEqual(alone)
})

test('what came while a commit waited for the disk is at hand after it, and built on without a conflict', async () => {
  const place = new Place()
  await place.write(1)
  const other = await place.open()
  await other.load()
  let meddle: (() => Promise<unknown>) | null = null
  const fileSystem = meddledFileSystem(async (call, proceed) => {
    const now = call.method === 'fdatasync' ? meddle : null
    if (now !== null) meddle = null
    await now?.()
    return proceed()
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.load()
  await other.commit(count(1, 2))
  await sequence.read(1)
  await sequence.commit(count(2, 3))
  await other.read(2)
  meddle = async () => {
    await other.read(3)
    return other.commit(count(4, 5))
  }
  expect(await sequence.commit(count(3, 4))).toEqual({ committed: true })
  expect(sequence.peek?.(4)).toMatchObject([{ base: 4, version: 5 }])
  expect(await sequence.commit(count(5, 6))).toEqual({ committed: true })
})

test('a look that fails after a commit is not the commit’s failure', async () => {
  const place = new Place()
  await place.write(1)
  let isArmed = false
  let looks = 0
  let hasFailed = false
  const fileSystem = meddledFileSystem((call, proceed) => {
    if (isArmed && call.method === 'fstat') looks += 1
    // The first is before the write, the second finds out whether the record counts.
    if (looks === 3 && !hasFailed) {
      hasFailed = true
      throw Object.assign(new Error('as scripted'), { code: 'EIO', syscall: 'fstat' })
    }
    return proceed()
  })
  const sequence = await place.open({ durability: 'power' }, { fileSystem })
  await sequence.load()
  await (await place.open()).commit(count(1, 2))
  await sequence.read(1)
  await sequence.commit(count(2, 3))
  isArmed = true
  expect(await sequence.commit(count(3, 4))).toEqual({ committed: true })
  expect(hasFailed).toBe(true)
  expect(await sequence.commit(count(4, 5))).toEqual({ committed: true })
})
