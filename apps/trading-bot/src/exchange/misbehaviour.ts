import { seededRandom } from '../seeded-random.ts'

/**
 * How one request is answered:
 * - `well`: once, as it should be;
 * - `silently`: done, and never answered; the client must give up by itself;
 * - `dropped`: done, and the connection ends before the answer;
 * - `twice`: done, and answered a second time on the same connection;
 * - `down`: not looked at; the connection ends, and so do all for a while.
 */
export type Manner = 'well' | 'silently' | 'dropped' | 'twice' | 'down'

/** Gives the manner of each request in turn. */
export type Misbehaviour = () => Manner

/** Out of a hundred requests. The others are answered well. */
const shares: readonly (readonly [Manner, number])[] = [
  ['silently', 5],
  ['dropped', 6],
  ['twice', 6],
  ['down', 3],
]
/** How many requests fail once the exchange is down. */
const downFor = 4

/** An exchange that misbehaves by `seed`: the same in the same order at each run. */
export function misbehaviour(seed: number): Misbehaviour {
  const random = seededRandom(seed)
  let downLeft = 0
  return () => {
    if (downLeft > 0) {
      downLeft -= 1
      return 'down'
    }
    let drawn = random() * 100
    for (const [manner, share] of shares) {
      drawn -= share
      if (drawn >= 0) continue
      if (manner === 'down') downLeft = downFor - 1
      return manner
    }
    return 'well'
  }
}

/** One manner for each request, as listed; well from there on. */
export function scripted(manners: readonly Manner[]): Misbehaviour {
  let next = 0
  return () => {
    const manner = manners[next]
    next += 1
    return manner ?? 'well'
  }
}
