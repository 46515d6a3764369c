import { systemEnvironment } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { collect, Place } from './place.ts'
import { endOf, startChild } from './run-child.ts'

/** Later than anything that a crashed child wrote: then its temporaries are old enough to be swept. */
const environment = { ...systemEnvironment, now: () => Date.now() + 3_600_000 }

/** Kills a commit of version 4 before file call `fatal`; null where it had no such call. */
async function crash(keep: number, fatal: number): Promise<Place | null> {
  const place = new Place()
  await place.write(1, 3, { keep })
  const child = await endOf(startChild('commit-once', [place.directory, keep, fatal]))
  expect(child.stderr).toBe('')
  return child.signal === 'SIGKILL' ? place : null
}

/** Expects what the titles say, and gives the version that was found. */
async function expectWhole(place: Place, keep: number, fatal: number): Promise<number> {
  const label = `killed before call ${fatal}`
  const sequence = await place.open({ keep }, { environment })
  const snapshot = await sequence.load()
  const version = snapshot?.version ?? 0
  expect([3, 4], label).toContain(version)
  expect(snapshot?.data, label).toEqual({ n: version })
  // At least as many generations as before, each verified (history reads them all), none missing.
  const versions = (await collect(sequence.history())).map((item) => item.version)
  const wanted = Math.min(keep + 1, 3)
  expect(versions.slice(0, wanted), label).toEqual(
    Array.from({ length: wanted }, (_, index) => version - index),
  )
  const known = /^trading\.json(\.\d)?$|^\.trading\.json(\.lock|\..+\.tmp)$/
  expect(
    place.names().filter((name) => !known.test(name)),
    label,
  ).toEqual([])

  await sequence.commit(pendingChange({ base: version, data: { n: version + 1 } }))
  await sequence.read(version + 1) // after what the commit does in a turn of its own
  const numbers = Array.from({ length: keep }, (_, index) => `trading.json.${index + 1}`)
  expect(place.names(), label).toEqual(['trading.json', ...numbers])
  return version
}

test.each([[0], [1], [2]])(
  'item 31: SIGKILL before any file call of a commit with keep %i leaves exactly the old or the new version, every generation, and litter that the next commit removes',
  async (keep) => {
    const found = new Set<number>()
    const batch = 4
    let calls = 0
    for (let first = 1; calls === 0; first += batch) {
      const numbers = Array.from({ length: batch }, (_, index) => first + index)
      const places = await Promise.all(numbers.map((fatal) => crash(keep, fatal)))
      for (const [index, place] of places.entries()) {
        if (place !== null) found.add(await expectWhole(place, keep, first + index))
        else if (calls === 0) calls = first + index - 1
      }
    }
    expect(calls).toBeGreaterThan(20)
    expect(found).toEqual(new Set([3, 4]))
  },
)
