import type { Json, PendingChange, Sequence } from '@holdfast/core'
import { pendingChange } from '@holdfast/testing'

/** The change by which `sequence` brings the counter `{ n }` from `base` to `n`. */
export function count({ writer }: Sequence, base: number, n: number): PendingChange {
  const change = { base, data: { n }, ...(base === 0 ? {} : { previous: { n: n - 1 } }) }
  return pendingChange(writer === undefined ? change : { ...change, writer })
}

/** Raises the counter by one on what `sequence` finds; gives the version that it stands at. */
export async function raise(sequence: Sequence): Promise<number> {
  for (;;) {
    const snapshot = await sequence.load()
    const { version = 0, data = { n: 0 } } = snapshot ?? {}
    const { n } = data as { n: number }
    const change = count(sequence, version, n + 1)
    if ((await sequence.commit(change)).committed) return version + 1
  }
}

/** The counter as `sequence` finds it. */
export async function counter(sequence: Sequence): Promise<Json | undefined> {
  return (await sequence.load())?.data
}
