import type { Sequence } from '@holdfast/core'
import { expect, test } from 'vitest'
import { Stepper } from './interleaving.ts'
import { count, Place } from './place.ts'

const always = { keep: 0, compactAfterBytes: 1, compactAfterRatio: 0.01 }

/** Raises the counter `times` times; resolves with how many were acknowledged. */
async function raise(sequence: Sequence, times: number, writer: string): Promise<number> {
  let acknowledged = 0
  while (acknowledged < times) {
    const snapshot = await sequence.load()
    const base = snapshot?.version ?? 0
    const { n } = (snapshot?.data ?? { n: 0 }) as { n: number }
    const { committed } = await sequence.commit(count(base, n + 1, writer))
    if (committed) acknowledged += 1
  }
  await sequence.close()
  return acknowledged
}

async function expectCounter(place: Place, n: number, label: string): Promise<void> {
  const sequence = await place.open()
  expect((await sequence.load())?.data, label).toEqual({ n })
  await sequence.close()
}

test.each([
  ['the first version', 0],
  ['a version and the compaction behind it', 2],
])(
  'a process that is stalled before any call of committing %s, while others commit and compact, loses no update',
  async (_, written) => {
    let held = 0
    for (let at = 1; held === at - 1; at += 1) {
      const place = new Place()
      await place.write(written)
      const [one, other] = [new Stepper(), new Stepper()]
      const stalled = await place.open(always, one)
      const arrived = one.holdAt(at)
      const committing = raise(stalled, 1, 'one')
      const isHeld = await Promise.race([arrived.then(() => true), committing.then(() => false)])
      if (isHeld) held += 1
      const others = await raise(await place.open(always, other), 3, 'other')
      one.resume()
      await expectCounter(place, written + others + (await committing), `held before call ${at}`)
    }
    expect(held).toBeGreaterThan(15)
  },
)

test('two processes, the one stalled before any call and the other before any call of its own, lose no update', async () => {
  const alone = new Stepper()
  await raise(await new Place().open(always, alone), 2, 'one')
  const calls = alone.calls.length
  expect(calls).toBeGreaterThan(30)
  for (let first = 1; first <= calls; first += 1) {
    for (let second = 1; second <= calls; second += 3) {
      const place = new Place()
      const [one, other] = [new Stepper(), new Stepper()]
      const [a, b] = [await place.open(always, one), await place.open(always, other)]
      const [atFirst, atSecond] = [one.holdAt(first), other.holdAt(second)]
      const raisingOne = raise(a, 2, 'one')
      await Promise.race([atFirst, raisingOne])
      const raisingOther = raise(b, 2, 'other')
      await Promise.race([atSecond, raisingOther])
      one.resume()
      const acknowledged = await raisingOne
      other.resume()
      await expectCounter(
        place,
        acknowledged + (await raisingOther),
        `held before ${first} and ${second}`,
      )
    }
  }
})
