import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { countTogether } from '../src/counters/count-together.ts'
import { lockfileCounter } from '../src/counters/holdfast-counter.ts'
import { counterKinds } from '../src/counters/open-counter.ts'
import type { CounterKind } from '../src/counters/counter.ts'

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-count-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

test.each(counterKinds)(
  '$name: two processes that count together lose nothing, and the harness says so',
  async (kind) => {
    const crowd = { processes: 2, increments: 4, inFlight: 2 }
    const counted = await countTogether(kind, crowd, join(await emptyDirectory(), 'counter'))
    expect(counted.lost).toBe(0)
    expect(counted.throughput).toBeGreaterThan(0)
    expect(counted.unevenness).toBeGreaterThanOrEqual(1)
  },
)

test('a child that fails is an error, and no figure', async () => {
  const unknown: CounterKind = { ...lockfileCounter, name: 'no such counter' }
  const crowd = { processes: 1, increments: 1, inFlight: 1 }
  const directory = join(await emptyDirectory(), 'counter')
  await expect(countTogether(unknown, crowd, directory)).rejects.toThrow('no such counter')
})
