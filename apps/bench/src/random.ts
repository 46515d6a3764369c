/** A sequence of numbers from 0 up to 1 that is the same for the same seed (mulberry32). */
export type Random = () => number

/** Makes the sequence of `seed`. */
export function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A copy of `items` in random order, each order as likely as the others (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const pool = [...items]
  return items.flatMap(() => pool.splice(Math.floor(random() * pool.length), 1))
}
