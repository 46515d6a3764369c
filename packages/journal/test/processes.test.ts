import { once } from 'node:events'
import { expect, test } from 'vitest'
import { Place } from './place.ts'
import { endOf, startChild } from './run-child.ts'

test.each([
  ['without compaction', 1_000_000_000, 262_144, 1000],
  ['with compaction at every 4 KB', 4096, 262_144, 1000],
  ['with compaction by workers', 4096, 0, 5000],
])(
  'processes that raise one counter without a lock lose no step and double none, %s',
  async (_, compactAfterBytes, inlineSnapshotBytes, times) => {
    const place = new Place()
    const count = inlineSnapshotBytes === 0 ? 2 : 4
    const wantsCompaction = compactAfterBytes === 4096
    const args = [place.directory, times, compactAfterBytes, inlineSnapshotBytes]
    let [rounds, conflicts, isCompacted] = [0, 0, false]
    // On a machine that is busy the processes may come one after another: then they go on.
    while (rounds < 5 && (rounds === 0 || conflicts === 0 || isCompacted !== wantsCompaction)) {
      const running = Array.from({ length: count }, () => endOf(startChild('increment', args)))
      for (const { status, stderr, stdout } of await Promise.all(running)) {
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
        conflicts += Number(stdout.replaceAll('+', ''))
      }
      rounds += 1
      isCompacted = !place.names().includes('00000001.jsonl')
    }
    const snapshot = await (await place.open()).load()
    expect(snapshot?.data).toEqual({ n: rounds * count * times })
    expect(conflicts).toBeGreaterThan(0)
    expect(isCompacted).toBe(wantsCompaction)
    expect(place.names().filter((name) => name.endsWith('.jsonl')).length).toBe(1)
  },
  60_000,
)

test('processes that are killed at any time leave every step that they were told of, and at most one more each', async () => {
  const place = new Place()
  const rounds = 6
  let told = 0
  for (let round = 0; round < rounds; round += 1) {
    const pair = [0, 1].map(() => startChild('increment', [place.directory, 1_000_000, 4096]))
    let steps = 0
    for (const { stdout } of pair) {
      stdout?.on('data', (data: Buffer) => {
        steps += data.length
        if (steps > 40 + 9 * round) for (const child of pair) child.kill('SIGKILL')
      })
    }
    await Promise.all(pair.map((child) => once(child, 'close')))
    told += steps
  }
  const snapshot = await (await place.open()).load()
  const { n } = (snapshot?.data ?? {}) as { n: number }
  expect(told).toBeGreaterThan(rounds * 40)
  expect(n).toBeGreaterThanOrEqual(told)
  expect(n).toBeLessThanOrEqual(told + 2 * rounds)
})
