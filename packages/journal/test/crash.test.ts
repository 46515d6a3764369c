import { systemEnvironment } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'
import { expect, test } from 'vitest'
import { collect, Place } from './place.ts'
import { endOf, startChild } from './run-child.ts'

/** Later than anything that a crashed child wrote: then its temporaries are old enough to be swept. */
const environment = { ...systemEnvironment, now: () => Date.now() + 3_600_000 }
const always = { keep: 0, compactAfterBytes: 1, compactAfterRatio: 0.01 }

interface Crash {
  readonly place: Place
  readonly wasTold: boolean
}

/** Kills a commit on a state with `written` versions before file call `fatal`; null where it had no such call. */
async function crash(written: number, fatal: number): Promise<Crash | null> {
  const place = new Place()
  await place.write(written)
  const child = await endOf(startChild('commit-once', [place.directory, 1, fatal]))
  expect(child.stderr).toBe('')
  return child.signal === 'SIGKILL' ? { place, wasTold: child.stdout === '+' } : null
}

/** Expects what the title says, and gives the counter that was found. */
async function expectWhole(
  { place, wasTold }: Crash,
  written: number,
  fatal: number,
): Promise<number> {
  const label = `killed before call ${fatal}`
  const before = place.content()
  const sequence = await place.open(always, { environment })
  const snapshot = await sequence.load()
  const { n } = (snapshot?.data ?? { n: 0 }) as { n: number }
  expect([written, written + 1], label).toContain(n)
  expect(n, label).toBeGreaterThanOrEqual(wasTold ? written + 1 : written)
  await collect(sequence.history())
  expect(place.content(), label).toEqual(before)

  const base = snapshot?.version ?? 0
  expect(await sequence.commit(pendingChange({ base, data: { n: 100 } })), label).toEqual({
    committed: true,
  })
  await sequence.close()
  const reader = await place.open()
  expect((await reader.load())?.data, label).toEqual({ n: 100 })
  expect(place.names().length, label).toBe(1)
  return n
}

test.each([[0], [2]])(
  'SIGKILL before any file call of a load, a commit and a compaction on %i versions leaves exactly the old or the new state, and litter that the next compaction removes',
  async (written) => {
    const found = new Set<number>()
    const batch = 4
    let calls = 0
    for (let first = 1; calls === 0; first += batch) {
      const numbers = Array.from({ length: batch }, (_, index) => first + index)
      const crashes = await Promise.all(numbers.map((fatal) => crash(written, fatal)))
      for (const [index, one] of crashes.entries()) {
        if (one !== null) found.add(await expectWhole(one, written, first + index))
        else if (calls === 0) calls = first + index - 1
      }
    }
    expect(calls).toBeGreaterThan(20)
    expect(found).toEqual(new Set([written, written + 1]))
  },
  60_000,
)
